import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { EarningDetailView } from "$lib/api/bindings/EarningDetailView";
import type { EarningView } from "$lib/api/bindings/EarningView";
import { CallError } from "$lib/api/error";
import { session } from "$lib/state/session.svelte";
import { toasts } from "$lib/state/toasts.svelte";

import TraceQuestion from "./TraceQuestion.svelte";

const euros = (value: number) => ({ value, unit: "EUR" });
const earning: EarningView = {
  earning_id: "e1",
  company: "Amber",
  seller: "Amber",
  level: 0,
  source: "code",
  reference: "AB-0001",
  username: "nina",
  plan_name: "Month",
  price: euros(1_000),
  basis: { kind: "codes" },
  rate: 1_000,
  rate_before_cap: 1_000,
  amount: euros(100),
  rules_version: 1,
  sold_at: 0,
  available_at: 0,
  state: "pending",
  in_payout: false,
};
const detail: EarningDetailView = {
  earning,
  rules: { version: 1, code_rate: 1_000, tiers: [], override_rate: 0, override_levels: 0, cap: 3_000 },
  uplines: 0,
  events: [],
  recomputed: euros(100),
  agrees: true,
};
const sale = {
  source: "code",
  source_id: "s1",
  reference: "AB-0001",
  at: 0,
  outcome: { kind: "earned", shares: [earning] },
};

let away: boolean;

beforeEach(() => {
  away = false;
  toasts.list = [];
  vi.spyOn(session, "user", "get").mockReturnValue({ role: "finance" } as typeof session.user);
  useTransport({
    call: async (command) => {
      if (command === "earning" || command === "reverse_earning") return detail;
      if (away) throw new CallError({ code: "server_unreachable", detail: "" });
      return { reference: "AB-0001", sales: [sale] };
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  toasts.list = [];
});

/** Asks why, opens the share that was earned, and begins to take it back. */
async function takeBack() {
  render(TraceQuestion);
  await userEvent.type(screen.getByTestId("why-reference"), "AB-0001");
  await userEvent.click(screen.getByTestId("why-ask"));
  await userEvent.click(await screen.findByTestId("open-earning"));
  await userEvent.click(await screen.findByTestId("reverse-earning"));
  const dialog = within(await screen.findByRole("alertdialog"));
  return { dialog, go: () => userEvent.click(dialog.getByRole("button", { name: "Take back the shares" })) };
}

it("shows no answer from before a share was taken back where it cannot be read again", async () => {
  const { dialog, go } = await takeBack();
  away = true;
  await userEvent.type(dialog.getByRole("textbox"), "The customer was refunded");
  await go();
  await waitFor(() => expect(screen.getByTestId("error-message").dataset.code).toBe("server_unreachable"));
  expect(screen.queryByTestId("why-answer")).toBeNull();
  expect(toasts.list).toHaveLength(1);
});

it("asks once for the reason that is missing", async () => {
  const { dialog, go } = await takeBack();
  await go();
  await dialog.findByText("Say why: the resellers read it.");
  await waitFor(() => expect(dialog.getByRole("button", { name: "Cancel" })).toBeEnabled());
  expect(dialog.queryByTestId("error-message")).toBeNull();
});
