import { describe, expect, it } from "vitest";

import type { CreditOverview } from "$lib/api/bindings/CreditOverview";

import { addsUp, belongsTo, shares } from "./equation";

const amount = (value: number, unit = "credits") => ({ value, unit });

function overview(available: number, reserved: number, spent: number, change: Partial<CreditOverview> = {}) {
  return {
    funded: amount(available + reserved + spent),
    available: amount(available),
    reserved: amount(reserved),
    spent: amount(spent),
    credit_limit: amount(0),
    exposure: { amount: amount(0), codes: 0 },
    leases: [],
    balanced: true,
    ...change,
  } satisfies CreditOverview;
}

describe("the equation", () => {
  it("adds up when it does", () => {
    expect(addsUp(overview(2990, 1820, 9590))).toBe(true);
    expect(addsUp(overview(-100, 40, 60))).toBe(true);
  });

  it("does not trust the claim alone", () => {
    expect(addsUp(overview(2990, 1820, 9590, { funded: amount(14_401) }))).toBe(false);
    expect(addsUp(overview(2990, 1820, 9590, { balanced: false }))).toBe(false);
    expect(addsUp(overview(2990, 1820, 9590, { spent: amount(9590, "EUR") }))).toBe(false);
  });

  it("fills the bar exactly", () => {
    const parts = shares(overview(2990, 1820, 9590));
    expect(parts.available + parts.reserved + parts.spent).toBeCloseTo(100);
    expect(parts.available).toBeCloseTo(20.76, 1);
  });

  it("draws nothing for an empty wallet and nothing negative for one below zero", () => {
    expect(shares(overview(0, 0, 0))).toEqual({ available: 0, reserved: 0, spent: 0 });
    expect(shares(overview(-50, 25, 75)).available).toBe(0);
  });

  it("opens the entries each part is made of", () => {
    expect(belongsTo("funded", "purchase")).toBe(true);
    expect(belongsTo("funded", "late_sale")).toBe(false);
    expect(belongsTo("reserved", "lease_grant")).toBe(true);
    expect(belongsTo("spent", "online_sale")).toBe(true);
    expect(belongsTo("available", "anything")).toBe(true);
  });
});
