import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { SaveOrder } from "$lib/api/bindings/SaveOrder";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";

import OrderForm from "./OrderForm.svelte";

const euros = (value: number) => ({ value, unit: "EUR" });
let asked: SaveOrder[];

beforeEach(() => {
  asked = [];
  dropAllDrafts();
  useTransport({
    call: async (command, args) => {
      if (command === "order_quote") return { each: euros(1_120), total: euros(1_120) };
      asked.push(args as SaveOrder);
      throw new CallError({ code: "server_unreachable", detail: "" });
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  dropAllDrafts();
});

const show = () =>
  render(OrderForm, {
    offering: {
      offering_id: "f1",
      name: "Web space",
      unit_base: "10",
      markup_percent: 12,
      currency: "EUR",
    },
    ondone: () => undefined,
    onclose: () => undefined,
  });

it("orders the same once, although its sheet was closed before the answer was known", async () => {
  const { unmount } = show();
  await userEvent.type(screen.getByTestId("customer-name"), "Nina");
  await userEvent.type(screen.getByTestId("customer-email"), "nina@example.org");
  await userEvent.click(screen.getByTestId("place-order"));
  await waitFor(() => expect(asked).toHaveLength(1));
  unmount();
  show();
  expect(screen.getByTestId("customer-name")).toHaveValue("Nina");
  await userEvent.click(screen.getByTestId("place-order"));
  await waitFor(() => expect(asked).toHaveLength(2));
  expect(asked[1]).toEqual(asked[0]);
});
