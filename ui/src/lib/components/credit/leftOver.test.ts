import { expect, it } from "vitest";

import type { PlanTile } from "$lib/api/bindings/PlanTile";

import { leftOver } from "./leftOver";

const amount = (value: number, unit = "credits") => ({ value, unit });
const wallet = (available: number, limit = 0) => ({
  available: amount(available),
  credit_limit: amount(limit),
});
const costing = (value: number, unit?: string) => ({ cost: amount(value, unit) }) as PlanTile;

it("is what no plan of the shop costs", () => {
  expect(leftOver(wallet(35), [costing(730), costing(365)])).toEqual({
    left: amount(35),
    cheapest: amount(365),
  });
  expect(leftOver(wallet(364), [costing(365)])?.left.value).toBe(364);
});

it("is nothing while a code can still be paid, out of a credit limit too", () => {
  expect(leftOver(wallet(365), [costing(365)])).toBeUndefined();
  expect(leftOver(wallet(35), [costing(365), costing(30)])).toBeUndefined();
  expect(leftOver(wallet(35, 330), [costing(365)])).toBeUndefined();
});

it("is nothing where nothing is left, and where no plan is known in the unit of the wallet", () => {
  expect(leftOver(wallet(0), [costing(365)])).toBeUndefined();
  expect(leftOver(wallet(-5), [costing(365)])).toBeUndefined();
  expect(leftOver(wallet(35), [])).toBeUndefined();
  expect(leftOver(wallet(35), [costing(0), costing(1_000, "EUR")])).toBeUndefined();
});
