import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { AccountRights } from "$lib/api/bindings/AccountRights";
import type { AccountView } from "$lib/api/bindings/AccountView";
import type { PaymentView } from "$lib/api/bindings/PaymentView";
import { CallError } from "$lib/api/error";

import AccountPayments from "./AccountPayments.svelte";

afterEach(cleanup);

const account: AccountView = {
  account_id: "a1",
  version: 1,
  username: "nina",
  email: "",
  mac: "",
  notes: "",
  status: "active",
  plan_id: "p1",
  max_connections: 1,
  created_at: 0,
};
const payment: PaymentView = {
  payment_id: "y1",
  account_id: "a1",
  username: "nina",
  company: "Amber",
  amount: { value: 1_240, unit: "EUR" },
  method: "cash",
  paid_for: "service",
  collected_by: "reseller",
  state: "pending",
  paid_on: "2026-11-21",
  reference: "",
  note: "",
  earns: false,
  charged: { value: 0, unit: "EUR" },
  recorded_at: 0,
};

it("shows how a payment stands that somebody else has ended meanwhile", async () => {
  let now = payment;
  useTransport({
    call: async (command) => {
      if (command === "payments_page") return { currency: "EUR", rows: [now] };
      now = { ...payment, state: "failed", ended_at: 0 };
      throw new CallError({ code: "conflict", detail: "This payment has failed." });
    },
    listen: () => () => undefined,
  });
  render(AccountPayments, { account, rights: { pay: "yes" } as AccountRights });
  const [complete] = await screen.findAllByTestId("payment-step");
  await userEvent.click(complete!);
  const question = await screen.findByRole("alertdialog");
  await userEvent.click(question.querySelector<HTMLElement>("button[type=submit]")!);
  await waitFor(() => expect(screen.getByTestId("payment")).toHaveAttribute("data-state", "failed"));
});
