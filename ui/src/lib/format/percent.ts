import { decimalText, parseAmount } from "./amount";

import { formatLocale } from "./locale";

const WHOLE = 10_000;

/** Basis points as people read them: 1,250 is "12.5 %" the way the locale writes it. */
export function formatPercent(basisPoints: number, locale = formatLocale()): string {
  const format = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 });
  return format.format(decimalText(basisPoints, 4) as Intl.StringNumericLiteral);
}

/** For a field: "12.5", "20". */
export function percentText(basisPoints: number): string {
  return decimalText(basisPoints, 2).replace(/\.?0+$/, "") || "0";
}

/** Reads "12.5" or "12,5" as basis points; null when it is no rate from 0 to 100 with at most two decimals. */
export function parsePercent(text: string): number | null {
  // Percent has two decimals, as most money.
  const value = parseAmount(text.replace(/%\s*$/, ""), "EUR");
  return value === null || value > WHOLE ? null : value;
}
