import { expect, test } from "vitest";

import { formatPercent, parsePercent, percentText } from "./percent";

test("percents are exact in both directions", () => {
  for (const [text, basisPoints] of [
    ["0", 0],
    ["20", 2_000],
    ["12.5", 1_250],
    ["0.05", 5],
    ["100", 10_000],
  ] as const) {
    expect(parsePercent(text)).toBe(basisPoints);
    expect(percentText(basisPoints)).toBe(text);
  }
  expect(parsePercent("12,5 %")).toBe(1_250);
  expect(formatPercent(1_250, "en")).toBe("12.5%");
});

test("what is no rate is refused", () => {
  for (const text of ["", "-1", "100.01", "12.345", "ten", "1e2"]) expect(parsePercent(text)).toBeNull();
});
