import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { ProviderView } from "$lib/api/bindings/ProviderView";
import { dropAllDrafts } from "$lib/state/drafts";
import { navigation } from "$lib/state/navigation.svelte";
import { toasts } from "$lib/state/toasts.svelte";

import ProvidersList from "./ProvidersList.svelte";

let save: (saved: ProviderView) => void;

beforeEach(() => {
  dropAllDrafts();
  toasts.list = [];
  useTransport({
    call: async (command) => {
      if (command === "save_provider") return new Promise((resolve) => (save = resolve));
      return { rows: [], may_manage: true };
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  dropAllDrafts();
  toasts.list = [];
  navigation.page = undefined;
  navigation.query = new URLSearchParams();
});

it("leaves whoever went elsewhere where they are when a provider is saved", async () => {
  navigation.page = "providers";
  navigation.query = new URLSearchParams("edit=new");
  render(ProvidersList);
  await userEvent.type(await screen.findByTestId("provider-name"), "Harbour");
  await userEvent.clear(screen.getByTestId("provider-currency"));
  await userEvent.type(screen.getByTestId("provider-currency"), "EUR");
  await userEvent.click(screen.getByTestId("save-provider"));
  navigation.page = "accounts";
  navigation.query = new URLSearchParams("account=a1");
  save({ provider_id: "p1", name: "Harbour" } as ProviderView);
  await waitFor(() => expect(toasts.list).toHaveLength(1));
  await new Promise((done) => setTimeout(done, 0));
  expect(navigation.query.get("account")).toBe("a1");
});
