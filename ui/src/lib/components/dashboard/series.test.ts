import { describe, expect, it } from "vitest";

import type { MonthFiguresView } from "$lib/api/bindings/MonthFiguresView";
import { formatMonth, formatMonthShort } from "$lib/format/month";

import { anything, bars, measures, monthLines, perReseller, shareOf, sumOfJobs } from "./series";

function month(month: string, change: Partial<MonthFiguresView> = {}): MonthFiguresView {
  const none = { codes: 0, services: 0, payments: 0, voided: 0, activated: 0, accounts: 0 };
  return { month, ...none, revenue: [{ value: 0, unit: "EUR" }], used: [], earned: [], ...change };
}

const MONTHS = [
  month("2026-10", {
    codes: 1,
    payments: 2,
    revenue: [{ value: 1_000, unit: "EUR" }],
    used: [{ value: 30, unit: "credits" }],
  }),
  month("2026-11", {
    voided: 1,
    revenue: [
      { value: 2_500, unit: "USD" },
      { value: -500, unit: "EUR" },
    ],
  }),
];

describe("what a chart shows", () => {
  it("has every currency by itself, that of the newest month first", () => {
    const shown = measures(MONTHS).map((measure) => [measure.id, measure.points.map((point) => point.value)]);
    expect(shown).toEqual([
      ["revenue-USD", [0, 2_500]],
      ["revenue-EUR", [1_000, -500]],
      ["sales", [1, 0]],
      ["used-credits", [30, 0]],
      ["accounts", [0, 0]],
    ]);
  });

  it("hangs what is below zero from the line", () => {
    const [eur] = measures(MONTHS).filter((measure) => measure.id === "revenue-EUR");
    const drawn = bars(eur!.points);
    expect(drawn.zero).toBeCloseTo(100 / 3);
    expect(drawn.bars.map((bar) => Math.round(bar.from))).toEqual([33, 0]);
    expect(drawn.bars.map((bar) => Math.round(bar.height))).toEqual([67, 33]);
    expect(bars([{ month: "2026-11", value: 0, words: "0" }])).toEqual({
      bars: [{ from: 0, height: 0 }],
      zero: 0,
    });
  });

  it("is saved with exact figures", () =>
    expect(monthLines(MONTHS)).toEqual([
      [
        "month",
        "codes",
        "services",
        "payments",
        "voided",
        "activated",
        "accounts",
        "revenue_USD",
        "revenue_EUR",
        "used_credits",
      ],
      ["2026-10", "1", "0", "2", "0", "0", "0", "0.00", "10.00", "30"],
      ["2026-11", "0", "0", "0", "1", "0", "0", "25.00", "-5.00", "0"],
    ]));

  it("knows when there was nothing", () => {
    expect(anything(MONTHS)).toBe(true);
    expect(anything([month("2026-11")])).toBe(false);
    expect(anything([month("2026-11", { payments: 1 })])).toBe(true);
  });
});

describe("figures in words", () => {
  it("names months", () => {
    expect(formatMonth("2026-11", "en")).toBe("Nov 2026");
    expect(formatMonthShort("2026-01", "en")).toBe("Jan");
    expect(formatMonth("soon", "en")).toBe("soon");
  });

  it("divides by resellers that there are", () => {
    expect(perReseller(10, 4, "en")).toBe("2.5");
    expect(perReseller(10, 0, "en")).toBeUndefined();
  });
});

it("rounds a share half up, and nothing has none", () =>
  expect([shareOf(1, 3), shareOf(2, 3), shareOf(1, 1), shareOf(0, 0)]).toEqual([
    3_333,
    6_667,
    10_000,
    undefined,
  ]));

describe("jobs of portals", () => {
  it("are summed over portals, and one that failed has ended as well", () => {
    const portal = { portal_id: "1", portal: "Main", agreed: 9, first_try: 7, within_an_hour: 8, failed: 1 };
    const other = { ...portal, portal_id: "2", agreed: 1, first_try: 0, within_an_hour: 1, failed: 0 };
    expect(sumOfJobs([portal, other])).toEqual({ ended: 11, first: 7, hour: 9, failed: 1 });
    expect(sumOfJobs([])).toEqual({ ended: 0, first: 0, hour: 0, failed: 0 });
  });
});
