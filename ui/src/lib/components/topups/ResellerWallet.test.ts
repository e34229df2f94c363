import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { HistoryRow } from "$lib/api/bindings/HistoryRow";
import type { ResellerView } from "$lib/api/bindings/ResellerView";
import { CallError } from "$lib/api/error";

import ResellerWallet from "./ResellerWallet.svelte";

const credits = (value: number) => ({ value, unit: "credits" });
const reseller = { reseller_id: "r1", company: "Amber", balance: credits(10) } as ResellerView;
const line: HistoryRow = {
  entry_id: "e1",
  at: 0,
  kind: "purchase",
  amount: credits(10),
  balance_before: credits(0),
  balance_after: credits(10),
  line: 1,
};

let unreachable: boolean;

beforeEach(() => {
  unreachable = false;
  useTransport({
    call: async () => {
      if (unreachable) throw new CallError({ code: "server_unreachable", detail: "" });
      return { rows: [line], low: { threshold: credits(5), own: true } };
    },
    listen: () => () => undefined,
  });
});
afterEach(cleanup);

it("says that a mark was not saved until it is tried again", async () => {
  render(ResellerWallet, { reseller });
  const mark = await screen.findByTestId("reseller-low");
  unreachable = true;
  await userEvent.clear(mark);
  await userEvent.type(mark, "70");
  await userEvent.click(screen.getByTestId("save-reseller-low"));
  const error = await screen.findByTestId("error-message");
  expect(error.closest("form")).not.toBeNull();
  // What would only read the lines again is no second try.
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  expect(mark).toHaveValue("70");
});
