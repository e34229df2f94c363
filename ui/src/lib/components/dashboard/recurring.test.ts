import { describe, expect, it } from "vitest";

import type { RecurringMonthView } from "$lib/api/bindings/RecurringMonthView";
import { sourceWord } from "$lib/words/recurring";

import { recurringLines, recurringMeasure } from "./recurring";

const MONTHS: RecurringMonthView[] = [
  { month: "2026-09", amount: { value: 183_250, unit: "EUR" }, accounts: 201, source: "rebuilt" },
  { month: "2026-10", amount: { value: 190_005, unit: "EUR" }, accounts: 214, source: "counted" },
];

describe("what recurred in months that are over", () => {
  it("is shown as it is, month by month", () => {
    const shown = recurringMeasure(MONTHS);
    expect(shown.points.map(({ month, value }) => [month, value])).toEqual([
      ["2026-09", 183_250],
      ["2026-10", 190_005],
    ]);
    expect(shown.word).toContain("EUR");
  });

  it("goes into a file with how each month is known", () => {
    expect(recurringLines(MONTHS).slice(1)).toEqual([
      ["2026-09", "1832.50", "EUR", "201", "rebuilt"],
      ["2026-10", "1900.05", "EUR", "214", "counted"],
    ]);
  });

  it("says of each month how it is known in words of its own", () => {
    const words = (["counted", "late", "rebuilt"] as const).map(sourceWord);
    expect(new Set(words).size).toBe(3);
  });
});
