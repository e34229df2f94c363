import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { OrderView } from "$lib/api/bindings/OrderView";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";
import { status } from "$lib/state/status.svelte";
import { toasts } from "$lib/state/toasts.svelte";

import OrderPanel from "./OrderPanel.svelte";

const euros = (value: number) => ({ value, unit: "EUR" });
const order = {
  order_id: "o1",
  contract_id: "CF-0123456789",
  offering_id: "f1",
  offering_name: "Web space",
  provider_name: "Northlight",
  state: "placed",
  source: "reseller",
  quantity: 1,
  delivered: 0,
  unsent: 0,
  term_days: 30,
  refunded: euros(0),
  price: { unit_base: "10", markup_percent: 12, base: euros(1_000), markup: euros(120), total: euros(1_120) },
  customer: { name: "Nina", email: "nina@example.org", phone: "", note: "" },
  details: [],
  created_at: 1_000,
  placed_at: 2_000,
} as unknown as OrderView;

let paid: (detail: unknown) => void;

beforeEach(() => {
  toasts.list = [];
  status.current = undefined;
  dropAllDrafts();
  useTransport({
    call: async (command) => {
      if (command === "order") return { order, steps: [], fresh: true };
      if (command === "pay_order") return new Promise((resolve) => (paid = resolve));
      throw new CallError({ code: "not_found", detail: command });
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  dropAllDrafts();
  toasts.list = [];
});

/** Opens the form of a step. */
async function open(doing: string): Promise<HTMLElement> {
  const buttons = await screen.findAllByTestId("order-do");
  await fireEvent.click(buttons.find((button) => button.dataset.doing === doing)!);
  return screen.findByTestId("order-form");
}

it("keeps what is being typed when the answer to a form that was closed comes", async () => {
  render(OrderPanel, {
    contractId: order.contract_id,
    rights: { handle: true, refund: true, import: false },
    staff: false,
    onclose: () => undefined,
    onchanged: () => undefined,
  });
  const pay = await open("pay");
  await fireEvent.click(within(pay).getByTestId("order-send"));
  await fireEvent.click(within(pay).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByTestId("order-form")).toBeNull());

  await open("cancel");
  await fireEvent.input(screen.getByTestId("order-reason"), { target: { value: "Moved away" } });
  paid({ order: { ...order, state: "paid", paid_at: 3_000 }, steps: [], fresh: true });
  await waitFor(() => expect(toasts.list).toHaveLength(1));
  expect(toasts.list[0]!.text).toContain("CF-0123456789");
  expect(screen.getByTestId("order-reason")).toHaveValue("Moved away");
});
