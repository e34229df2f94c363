import { expect, test } from "vitest";

import type { PlanPrice } from "$lib/api/bindings/PlanPrice";

import { PriceForm } from "./priceForm.svelte";

const PLAN: PlanPrice["plan"] = {
  plan_id: "plan",
  version: 1,
  name: "Month",
  kind: "monthly",
  price: { value: 999, unit: "EUR" },
  term_days: 30,
  features: [],
  status: "active",
  sold_by: "everyone",
};
const ENTRY = { price_id: "entry", allowed: true, valid_from: 0, set_at: 0, set_by: "nina", note: "" };

function form(over: Partial<PlanPrice> = {}): PriceForm {
  return new PriceForm({ plan: PLAN, allowed: true, price: PLAN.price, ...over });
}

test("what is not asked is not sent", () => {
  const asked = form();
  asked.price = "nonsense";
  expect(asked.valid).toBe(true);
  const sent = asked.request("shop", "e1");
  expect(sent).toMatchObject({ reseller_id: "shop", plan_id: "plan", allowed: true, note: "" });
  expect(sent).not.toHaveProperty("price");
  expect(sent).not.toHaveProperty("from_day");
  asked.choice = "own";
  expect(asked.problems.price).toBeDefined();
  asked.sells = "no";
  expect(asked.valid).toBe(true);
  expect(asked.request("shop", "e1")).not.toHaveProperty("price");
});

test("a price of its own is shown as it is", () => {
  const own = { value: 850, unit: "EUR" };
  const asked = form({ price: own, entry: { ...ENTRY, price: own } });
  expect([asked.choice, asked.price]).toEqual(["own", "8.50"]);
  asked.price = "7.25";
  asked.fromDay = "2026-12-01";
  asked.note = " agreed ";
  const sent = asked.request("shop", "e1");
  expect(sent).toMatchObject({
    price_id: "e1",
    price: { value: 725, unit: "EUR" },
    from_day: "2026-12-01",
    note: "agreed",
  });
  asked.note = "x".repeat(501);
  expect(asked.valid).toBe(false);
});
