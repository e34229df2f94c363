import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { Bulk } from "$lib/api/bindings/Bulk";

import BulkView from "./BulkView.svelte";

afterEach(cleanup);

const planned: Bulk = {
  bulk_id: "b1",
  operation: { kind: "suspend", reason: "no power" },
  state: "planned",
  total: 7,
  counted: true,
  tried: 7,
  planned: 7,
  refused: 0,
  done: 0,
  undone: 0,
  kept: 0,
  undoable: 0,
  cost: [],
  paid: [],
  ordered_at: 0,
};

it("keeps whoever works by keys at the operation when its button is gone", async () => {
  useTransport({
    call: async (command) => {
      if (command === "bulk") return { bulk: planned, short: [], moves: [] };
      if (command === "run_bulk") return { ...planned, state: "running" };
      return { rows: [] };
    },
    listen: () => () => undefined,
  });
  render(BulkView, { bulkId: "b1", plans: [], may: true, onclose: () => undefined });
  await userEvent.click(await screen.findByTestId("run-bulk"));
  await waitFor(() => expect(screen.getByRole("heading", { level: 2 })).toHaveFocus());
  expect(screen.queryByTestId("run-bulk")).toBeNull();
});
