import { formatLocale } from "./locale";

/** "10 %", "16.7 %": basis points as people read a discount. */
export function formatDiscount(points: number, locale = formatLocale()): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(
    points / 10_000,
  );
}
