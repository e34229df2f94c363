import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { FundSubReseller } from "$lib/api/bindings/FundSubReseller";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";

import FundFields from "./FundFields.svelte";

let asked: FundSubReseller[];

beforeEach(() => {
  asked = [];
  dropAllDrafts();
  useTransport({
    call: async (_command, args) => {
      asked.push(args as FundSubReseller);
      throw new CallError({ code: "server_unreachable", detail: "" });
    },
    listen: () => () => undefined,
  });
});
afterEach(cleanup);

const credits = (value: number) => ({ value, unit: "credits" });
const show = () =>
  render(FundFields, {
    to: { reseller_id: "r1", company: "Amber", username: "amber", balance: credits(0) },
    direction: "give",
    own: credits(900),
    ondone: () => undefined,
    onclose: () => undefined,
  });

it("gives the same credit once, although its sheet was closed before the answer was known", async () => {
  const { unmount } = show();
  await userEvent.type(screen.getByTestId("fund-amount"), "30");
  await userEvent.click(screen.getByTestId("fund-confirm"));
  await waitFor(() => expect(asked).toHaveLength(1));
  unmount();
  show();
  await userEvent.click(screen.getByTestId("fund-confirm"));
  await waitFor(() => expect(asked).toHaveLength(2));
  expect(asked[1]).toEqual(asked[0]);
});
