import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { PlanPrice } from "$lib/api/bindings/PlanPrice";
import type { SetPrice } from "$lib/api/bindings/SetPrice";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";

import SetPriceForm from "./SetPriceForm.svelte";

const price = { value: 999, unit: "EUR" };
const known: PlanPrice = {
  plan: {
    plan_id: "p1",
    version: 1,
    name: "Month",
    kind: "monthly",
    price,
    term_days: 30,
    features: [],
    status: "active",
    sold_by: "everyone",
  },
  allowed: true,
  price,
};

let asked: SetPrice[];
let code: "server_unreachable" | "conflict";

beforeEach(() => {
  asked = [];
  code = "server_unreachable";
  dropAllDrafts();
  useTransport({
    call: async (_command, args) => {
      asked.push(args as SetPrice);
      throw new CallError({ code, detail: "" });
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  dropAllDrafts();
});

const show = () =>
  render(SetPriceForm, { resellerId: "r1", known, onset: () => undefined, oncancel: () => undefined });
const send = async (times: number) => {
  await userEvent.click(screen.getByTestId("set-price"));
  await waitFor(() => expect(asked).toHaveLength(times));
  await waitFor(() => expect(screen.getByTestId("set-price")).toBeEnabled());
};

it("is the same change until it is known what became of it, and another one after a refusal", async () => {
  const { unmount } = show();
  await userEvent.type(screen.getByTestId("price-note"), "Agreed");
  await send(1);
  unmount();
  show();
  code = "conflict";
  await send(2);
  expect(asked[1]).toEqual(asked[0]);
  await send(3);
  expect(asked[2]!.price_id).not.toBe(asked[0]!.price_id);
});
