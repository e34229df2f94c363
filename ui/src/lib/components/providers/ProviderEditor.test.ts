import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { ProviderView } from "$lib/api/bindings/ProviderView";
import type { SaveProvider } from "$lib/api/bindings/SaveProvider";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";
import { toasts } from "$lib/state/toasts.svelte";

import ProviderEditor from "./ProviderEditor.svelte";

const provider = {
  provider_id: "p1",
  name: "Harbour",
  contact_name: "",
  email: "",
  phone: "",
  website: "",
  currency: "EUR",
  status: "active",
  notes: "",
  revision: 2,
} as ProviderView;

let saves: SaveProvider[];
let failure: CallError | undefined;
const onsaved = vi.fn();

beforeEach(() => {
  saves = [];
  onsaved.mockReset();
  dropAllDrafts();
  toasts.list = [];
  useTransport({
    call: async (_command, args) => {
      saves.push(args as SaveProvider);
      if (failure) throw failure;
      return provider;
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  dropAllDrafts();
  toasts.list = [];
});

it("sends a new one again as it is while nobody knows whether it is there", async () => {
  failure = new CallError({ code: "server_unreachable", detail: "" });
  render(ProviderEditor, { provider: undefined, onsaved, onreload: async () => provider });
  await userEvent.type(screen.getByTestId("provider-name"), "Harbour");
  await userEvent.clear(screen.getByTestId("provider-currency"));
  await userEvent.type(screen.getByTestId("provider-currency"), "EUR");
  await userEvent.click(screen.getByTestId("save-provider"));
  await waitFor(() => expect(screen.getByTestId("save-provider-unknown")).toBeInTheDocument());
  expect(screen.getByTestId("provider-name")).toBeDisabled();
  failure = undefined;
  await userEvent.click(screen.getByTestId("save-provider"));
  await waitFor(() => expect(onsaved).toHaveBeenCalledWith(provider, true));
  expect(saves[1]).toEqual(saves[0]);
});

it("says that a name is taken where nobody changed the provider meanwhile", async () => {
  failure = new CallError({ code: "conflict", detail: "taken" });
  render(ProviderEditor, { provider, onsaved, onreload: async () => provider });
  await userEvent.type(screen.getByTestId("provider-name"), " two");
  await userEvent.click(screen.getByTestId("save-provider"));
  await userEvent.click(await screen.findByTestId("load-newer"));
  await waitFor(() => expect(screen.getByTestId("provider-name")).toHaveAttribute("aria-invalid", "true"));
  expect(screen.getByTestId("provider-name")).toHaveValue("Harbour two");
});

it("says why the newer version could not be read", async () => {
  failure = new CallError({ code: "conflict", detail: "" });
  const onreload = async () => {
    throw new CallError({ code: "server_unreachable", detail: "" });
  };
  const { container } = render(ProviderEditor, { provider, onsaved, onreload });
  await userEvent.click(screen.getByTestId("save-provider"));
  await userEvent.click(await screen.findByTestId("load-newer"));
  await waitFor(() => expect(container.querySelector("[data-code=server_unreachable]")).not.toBeNull());
});
