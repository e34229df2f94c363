import { describe, expect, it } from "vitest";

import { billionths, formatExact, isFiner, totalOf, withMarkup } from "./exact";

describe("a price to the billionth", () => {
  it.each([
    ["12.345678901", 12_345_678_901n],
    ["0.000000001", 1n],
    ["9000000000", 9_000_000_000_000_000_000n],
    ["1.0000000001", undefined],
    ["-1", undefined],
    ["1.", undefined],
    ["1,5", undefined],
    ["", undefined],
  ])("%j is %s billionths", (text, expected) => expect(billionths(text)).toBe(expected));

  it("is multiplied exactly and rounded once, half-up", () => {
    expect(totalOf("1.004999999", 1, "EUR")).toEqual({ value: 100, unit: "EUR" });
    expect(totalOf("1.005", 1, "EUR")).toEqual({ value: 101, unit: "EUR" });
    expect(totalOf("0.004", 3, "EUR")).toEqual({ value: 1, unit: "EUR" });
    expect(totalOf("1.5", 1, "JPY")).toEqual({ value: 2, unit: "JPY" });
    expect(totalOf("0.0005", 1, "KWD")).toEqual({ value: 1, unit: "KWD" });
    expect(totalOf("1", 0, "EUR")).toBeUndefined();
    expect(totalOf("dear", 1, "EUR")).toBeUndefined();
  });

  it("takes a markup on", () => {
    expect(withMarkup("12.345678901", 12)).toBe("13.827160369");
    expect(withMarkup("10", 10)).toBe("11");
    expect(withMarkup("0.000000001", 50)).toBe("0.000000002");
    expect(withMarkup("0", 50)).toBe("0");
  });

  it("is shown with every digit", () => {
    expect(formatExact("1234.345678901", "en")).toBe("1,234.345678901");
    expect(formatExact("12.5", "en")).toBe("12.5");
    expect(formatExact("9000000000.000000001", "en")).toBe("9,000,000,000.000000001");
    expect(formatExact("dear", "en")).toBe("dear");
  });

  it("says more than the amount only where it does", () => {
    expect(isFiner("12.5", { value: 1_250, unit: "EUR" })).toBe(false);
    expect(isFiner("12.504", { value: 1_250, unit: "EUR" })).toBe(true);
  });
});
