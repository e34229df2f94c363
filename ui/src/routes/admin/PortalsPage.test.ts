import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { PortalView } from "$lib/api/bindings/PortalView";
import { dropAllDrafts } from "$lib/state/drafts";
import { navigation } from "$lib/state/navigation.svelte";
import { status } from "$lib/state/status.svelte";
import { toasts } from "$lib/state/toasts.svelte";

import PortalsPage from "./PortalsPage.svelte";

const portal: PortalView = {
  portal_id: "p1",
  version: 3,
  name: "Main portal",
  address: "portal.example",
  time_zone: "UTC",
  status: "active",
  plans: [],
  resellers: [],
  accounts: { waiting: 0, agreed: 0, attention: 0 },
  look_every_hours: 24,
};

let save: (saved: PortalView) => void;

beforeEach(() => {
  dropAllDrafts();
  status.current = undefined;
  toasts.list = [];
  useTransport({
    call: async (command) => {
      if (command === "portals_list") return [portal];
      if (command === "save_portal") return new Promise((resolve) => (save = resolve));
      return [];
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

it("leaves whoever went elsewhere where they are when a portal is saved", async () => {
  navigation.page = "portals";
  navigation.query = new URLSearchParams("edit=p1");
  render(PortalsPage);
  await userEvent.type(await screen.findByTestId("portal-name"), " two");
  await userEvent.click(screen.getByTestId("save-portal"));
  navigation.page = "accounts";
  navigation.query = new URLSearchParams("account=a1");
  save({ ...portal, version: 4 });
  await waitFor(() => expect(toasts.list).toHaveLength(1));
  await new Promise((done) => setTimeout(done, 0));
  expect(navigation.query.get("account")).toBe("a1");
});
