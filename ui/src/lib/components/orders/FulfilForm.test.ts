import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it } from "vitest";

import type { OrderView } from "$lib/api/bindings/OrderView";
import { dropAllDrafts } from "$lib/state/drafts";
import { Once } from "$lib/state/once.svelte";

import FulfilForm from "./FulfilForm.svelte";

const order = { contract_id: "CF-0123456789", quantity: 4, delivered: 1 } as OrderView;

beforeEach(dropAllDrafts);
afterEach(() => {
  cleanup();
  dropAllDrafts();
});

const show = (of: OrderView) => {
  const nothing = () => undefined;
  return render(FulfilForm, {
    order: of,
    once: new Once(),
    ondone: nothing,
    onmoved: nothing,
    onclose: nothing,
  });
};

it("keeps what was typed for a delivery when it is closed, until something was delivered", async () => {
  const { unmount } = show(order);
  await fireEvent.input(screen.getByTestId("order-detail-text"), { target: { value: "amber-17" } });
  unmount();
  const again = show(order);
  expect(screen.getByTestId("order-detail-text")).toHaveValue("amber-17");
  again.unmount();
  show({ ...order, delivered: 2 });
  expect(screen.getByTestId("order-detail-text")).toHaveValue("");
  expect(screen.getByTestId("order-units")).toHaveValue("2");
});
