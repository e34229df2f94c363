import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
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

it("shows no lines of another kind where those of the chosen one cannot be read", async () => {
  render(ResellerWallet, { reseller });
  await screen.findByTestId("wallet-line");
  unreachable = true;
  await userEvent.selectOptions(screen.getByRole("combobox"), "void");
  await screen.findByTestId("error-message");
  await waitFor(() => expect(screen.queryByTestId("wallet-line")).toBeNull());
});

it("keeps what is typed while a mark is being saved", async () => {
  let save: (saved: unknown) => void = () => undefined;
  useTransport({
    call: async (command) => {
      if (command === "set_reseller_low_credit") return new Promise((resolve) => (save = resolve));
      return { rows: [line], low: { threshold: credits(5), own: true } };
    },
    listen: () => () => undefined,
  });
  render(ResellerWallet, { reseller });
  const mark = await screen.findByTestId("reseller-low");
  const type = async (text: string) => {
    await userEvent.clear(mark);
    await userEvent.type(mark, text);
  };
  await type("70");
  await userEvent.click(screen.getByTestId("save-reseller-low"));
  await type("80");
  save({ threshold: credits(70), own: true });
  await waitFor(() => expect(screen.getByTestId("save-reseller-low")).toBeEnabled());
  expect(mark).toHaveValue("80");
});
