import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { BulkRights } from "$lib/api/bindings/BulkRights";
import type { PlanBulk } from "$lib/api/bindings/PlanBulk";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";

import PlanForm from "./PlanForm.svelte";

const rights: BulkRights = {
  create: "yes",
  extend: "not_this_shop",
  edit: "yes",
  transfer: "not_this_role",
  gift: "not_this_role",
};

let asked: PlanBulk[];
let lost: boolean;
const onplanned = vi.fn();

beforeEach(() => {
  asked = [];
  lost = true;
  onplanned.mockReset();
  dropAllDrafts();
  useTransport({
    call: async (_command, args) => {
      asked.push(args as PlanBulk);
      if (lost) throw new CallError({ code: "server_unreachable", detail: "" });
      return { bulk_id: "b1" };
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  dropAllDrafts();
});

const show = () =>
  render(PlanForm, { rights, plans: [], looked: { search: "amber", show: "in_use" }, onplanned });

it("is sent again as it is, also by a form that was closed: its id stands for these accounts", async () => {
  const { unmount } = show();
  await userEvent.type(screen.getByTestId("bulk-reason"), "no power");
  await userEvent.click(screen.getByTestId("plan-bulk"));
  await waitFor(() => expect(screen.getByTestId("plan-bulk-unknown")).toBeInTheDocument());
  expect(screen.getByTestId("bulk-search")).toBeDisabled();
  unmount();

  lost = false;
  show();
  await userEvent.click(screen.getByTestId("plan-bulk"));
  await waitFor(() => expect(onplanned).toHaveBeenCalledOnce());
  expect(asked[1]).toEqual(asked[0]);
});
