import { describe, expect, it } from "vitest";

import type { EarningView } from "$lib/api/bindings/EarningView";

import { basisSentence, earningMark, exactShare, roundingSentence } from "./commission";

const euros = (value: number) => ({ value, unit: "EUR" });
const earning = (change: Partial<EarningView>) =>
  ({
    basis: { kind: "codes" },
    rate_before_cap: 2_000,
    seller: "Corner Shop",
    state: "available",
    in_payout: false,
    ...change,
  }) as EarningView;

describe("exactShare", () => {
  it("is the share before rounding, to the last digit", () => {
    expect(exactShare(euros(999), 1_200)).toBe("1.1988");
    expect(exactShare(euros(1_000), 2_000)).toBe("2.00");
    expect(exactShare(euros(1), 1)).toBe("0.000001");
    expect(exactShare({ value: 125, unit: "JPY" }, 500)).toBe("6.25");
    expect(exactShare({ value: 100, unit: "JPY" }, 500)).toBe("5");
    expect(exactShare(euros(Number.MAX_SAFE_INTEGER), 9_999)).toBe("90062985348155.169009");
  });
});

describe("roundingSentence", () => {
  it("says whether a share was exact, rounded, or cut at the cap", () => {
    const said = (price: number, rate: number, amount: number) =>
      roundingSentence(earning({ price: euros(price), rate, amount: euros(amount) }), 3_500);
    expect(said(1_000, 3_000, 300)).toContain("exact");
    expect(said(15, 3_000, 5)).toContain("0.045, rounded half up");
    expect(said(15, 500, 0)).toMatch(/0\.0075, cut to .*cap of 35%/);
    expect(said(1_000, 3_000, 299)).toContain("cut to");
  });
});

describe("basisSentence", () => {
  it("says where the rate comes from", () => {
    expect(basisSentence(earning({}))).toContain("20%");
    const tier = earning({ basis: { kind: "tier", from_accounts: 10, active_accounts: 12 } });
    expect(basisSentence(tier)).toContain("Corner Shop had 12 active accounts");
    const first = earning({ basis: { kind: "tier", from_accounts: 0, active_accounts: 1 } });
    expect(basisSentence(first)).toContain("had 1 active account when");
    expect(basisSentence(earning({ basis: { kind: "override", level: 1 } }))).toContain("directly above");
    expect(basisSentence(earning({ basis: { kind: "override", level: 2 } }))).toContain("2 levels above");
    expect(basisSentence(earning({ basis: { kind: "fixed" } }))).toContain("Agreed");
  });
});

describe("earningMark", () => {
  it("tells what can be asked for from what is on its way", () => {
    const free = earningMark(earning({})).word();
    expect(earningMark(earning({ in_payout: true })).word()).not.toBe(free);
    expect(earningMark(earning({ in_payout: true, state: "paid" })).word()).toBe("Paid");
  });
});
