import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { Bulk } from "$lib/api/bindings/Bulk";
import type { BulkRights } from "$lib/api/bindings/BulkRights";
import { dropAllDrafts } from "$lib/state/drafts";
import { navigation } from "$lib/state/navigation.svelte";
import { status } from "$lib/state/status.svelte";

import BulkPage from "./BulkPage.svelte";

const rights: BulkRights = {
  create: "yes",
  extend: "not_this_shop",
  edit: "yes",
  transfer: "not_this_role",
  gift: "not_this_role",
};

let lists: number;
let plan: (bulk: Bulk) => void;

beforeEach(() => {
  lists = 0;
  dropAllDrafts();
  status.current = undefined;
  useTransport({
    call: async (command) => {
      if (command === "bulk_rights") return rights;
      if (command === "plans_list") return [];
      if (command === "plan_bulk") return new Promise((resolve) => (plan = resolve));
      lists += 1;
      return { rows: [] };
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  dropAllDrafts();
  navigation.page = undefined;
  navigation.query = new URLSearchParams();
});

it("leaves whoever went elsewhere where they are when a choice was looked at", async () => {
  navigation.page = "bulk";
  navigation.query = new URLSearchParams("new=1");
  render(BulkPage);
  await userEvent.type(await screen.findByTestId("bulk-reason"), "no power");
  await userEvent.click(screen.getByTestId("plan-bulk"));
  navigation.page = "accounts";
  navigation.query = new URLSearchParams("account=a1");
  plan({ bulk_id: "b1" } as Bulk);
  await waitFor(() => expect(lists).toBe(2));
  expect(navigation.query.get("account")).toBe("a1");
});
