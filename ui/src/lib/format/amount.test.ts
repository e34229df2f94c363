import { describe, expect, it } from "vitest";

import { decimalText, formatAmount, formatFigure, minorDigits, parseAmount } from "./amount";

const en = { locale: "en-GB" };
const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("formatAmount", () => {
  it("shows credits with their unit and grouping", () => {
    expect(plain(formatAmount({ value: 3570, unit: "credits" }, en))).toBe("3,570 credits");
    expect(plain(formatAmount({ value: 1, unit: "credits" }, en))).toBe("1 credit");
    expect(plain(formatAmount({ value: 0, unit: "credits" }, en))).toBe("0 credits");
  });

  it("shows minor units with the digits of the currency", () => {
    expect(plain(formatAmount({ value: 1240, unit: "EUR" }, en))).toBe("12.40 EUR");
    expect(plain(formatAmount({ value: 1240, unit: "JPY" }, en))).toBe("1,240 JPY");
    expect(plain(formatAmount({ value: 1240, unit: "KWD" }, en))).toBe("1.240 KWD");
    expect(plain(formatAmount({ value: 5, unit: "EUR" }, en))).toBe("0.05 EUR");
  });

  it("uses a true minus and, for movements, a plus", () => {
    expect(formatFigure({ value: -150, unit: "EUR" }, en)).toBe("\u22121.50");
    expect(formatFigure({ value: 150, unit: "EUR" }, { ...en, signed: true })).toBe("+1.50");
    expect(formatFigure({ value: 0, unit: "EUR" }, { ...en, signed: true })).toBe("0.00");
  });

  it("is exact where a float would not be", () => {
    const largest = Number.MAX_SAFE_INTEGER;
    expect(formatFigure({ value: largest, unit: "EUR" }, en)).toBe("90,071,992,547,409.91");
  });
});

describe("parseAmount", () => {
  it.each([
    ["12.40", "EUR", 1240],
    ["12,4", "EUR", 1240],
    ["1,200", "credits", 1200],
    ["1 200.50", "EUR", 120050],
    [" 7 ", "credits", 7],
    ["0.05", "EUR", 5],
  ])("reads %s %s", (text, unit, value) => expect(parseAmount(text, unit)).toBe(value));

  it.each([
    ["", "EUR"],
    ["-5", "EUR"],
    ["1.234", "EUR"],
    ["1.5", "credits"],
    ["12abc", "credits"],
    ["99999999999999999999", "credits"],
  ])("refuses %s %s", (text, unit) => expect(parseAmount(text, unit)).toBeNull());

  it("gives back what decimalText wrote", () => {
    for (const value of [0, 5, 99, 100, 123456789]) {
      expect(parseAmount(decimalText(value, minorDigits("EUR")), "EUR")).toBe(value);
    }
  });
});
