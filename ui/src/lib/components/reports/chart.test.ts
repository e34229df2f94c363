import { describe, expect, it } from "vitest";

import type { ReportCell } from "$lib/api/bindings/ReportCell";
import type { ReportColumnKind } from "$lib/api/bindings/ReportColumnKind";
import type { ReportPage } from "$lib/api/bindings/ReportPage";

import { chartOf } from "./chart";

function page(kinds: Record<string, ReportColumnKind>): ReportPage {
  const columns = Object.entries(kinds).map(([key, kind]) => ({ key, kind }));
  return { name: "growth", as_of: 0, time_zone: "UTC", waiting: 0, columns, rows: [], totals: [] };
}

const money = (value: number, unit: string): ReportCell => ({ amount: { value, unit } });
const month = (month: string): ReportCell => ({ month });
const count = (count: number): ReportCell => ({ count });

describe("the chart of a report", () => {
  it("adds the rows of a month and never two currencies", () => {
    const rows = [
      [month("2026-11"), count(1), money(500, "EUR")],
      [month("2026-10"), count(2), money(200, "EUR")],
      [month("2026-11"), count(3), money(50, "USD")],
      [month("2026-11"), count(4), money(-100, "EUR")],
    ];
    const shown = chartOf(page({ month: "month", sold: "count", revenue: "amount" }), rows);
    expect(shown.map(({ id, points }) => [id, points.map((point) => [point.month, point.value])])).toEqual([
      [
        "sold",
        [
          ["2026-10", 2],
          ["2026-11", 8],
        ],
      ],
      [
        "revenue-EUR",
        [
          ["2026-10", 200],
          ["2026-11", 400],
        ],
      ],
      [
        "revenue-USD",
        [
          ["2026-10", 0],
          ["2026-11", 50],
        ],
      ],
    ]);
  });

  it("shows a rate only where a month has one", () => {
    const kinds: Record<string, ReportColumnKind> = { month: "month", churn: "percent" };
    const rows: ReportCell[][] = [
      [month("2026-10"), "empty"],
      [month("2026-11"), { percent: 6_667 }],
    ];
    expect(chartOf(page(kinds), rows).map(({ points }) => points.map((point) => point.value))).toEqual([
      [0, 6_667],
    ]);
    expect(chartOf(page(kinds), [...rows, [month("2026-11"), { percent: 5_000 }]])).toEqual([]);
  });

  it("needs months, more than one and not too many", () => {
    const kinds: Record<string, ReportColumnKind> = { month: "month", sold: "count" };
    const name = (at: number) => `${2020 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
    const rows = (many: number) => Array.from({ length: many }, (_, at) => [month(name(at)), count(at)]);
    expect(chartOf(page(kinds), rows(1))).toEqual([]);
    expect(chartOf(page(kinds), rows(36))).toHaveLength(1);
    expect(chartOf(page(kinds), rows(37))).toEqual([]);
    expect(chartOf(page({ sold: "count" }), [[count(1)], [count(2)]])).toEqual([]);
  });
});
