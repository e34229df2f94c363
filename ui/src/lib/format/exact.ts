// Prices to the billionth of a currency, as plain decimal text: "12.345678901". Nothing of it passes through a float.

import type { AmountView } from "$lib/api/bindings/AmountView";

import { minorDigits } from "./amount";
import { formatLocale } from "./locale";

const DIGITS = 9;
const EXACT = /^(\d+)(?:\.(\d{1,9}))?$/;

/** In billionths; undefined where it is no such price. */
export function billionths(text: string): bigint | undefined {
  const match = EXACT.exec(text);
  return match ? BigInt(match[1]! + (match[2] ?? "").padEnd(DIGITS, "0")) : undefined;
}

/** What so many units cost at such a price each, in minor units, rounded half-up once; undefined where nobody can say. */
export function totalOf(priceExact: string, count: number, unit: string): AmountView | undefined {
  const each = billionths(priceExact);
  if (each === undefined || !Number.isSafeInteger(count) || count < 1) return undefined;
  const step = 10n ** BigInt(DIGITS - minorDigits(unit));
  const all = each * BigInt(count);
  const value = Number(all / step + ((all % step) * 2n >= step ? 1n : 0n));
  return Number.isSafeInteger(value) ? { value, unit } : undefined;
}

/** As plain decimal text, without zeros at its end. */
export function exactText(exact: bigint): string {
  const text = exact.toString().padStart(DIGITS + 1, "0");
  const rest = text.slice(-DIGITS).replace(/0+$/, "");
  return rest === "" ? text.slice(0, -DIGITS) : `${text.slice(0, -DIGITS)}.${rest}`;
}

/** The markup on a price, rounded half-up to the billionth. */
export function markupOn(base: bigint, percent: number): bigint {
  return (base * BigInt(percent) + 50n) / 100n;
}

/** One unit with its markup; what is no price stays as it is. */
export function withMarkup(unitBase: string, percent: number): string {
  const base = billionths(unitBase);
  return base === undefined ? unitBase : exactText(base + markupOn(base, percent));
}

/** As people of this language write it, with every digit that is there. */
export function formatExact(text: string, locale = formatLocale()): string {
  if (!EXACT.test(text)) return text;
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: DIGITS });
  return format.format(text as Intl.StringNumericLiteral);
}

/** Whether the amount says less than the exact price. */
export function isFiner(text: string, amount: AmountView): boolean {
  const exact = billionths(text);
  return (
    exact !== undefined && exact !== BigInt(amount.value) * 10n ** BigInt(DIGITS - minorDigits(amount.unit))
  );
}
