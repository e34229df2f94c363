import type { AmountView } from "$lib/api/bindings/AmountView";
import { m } from "$lib/paraglide/messages";

import { formatLocale } from "./locale";

export const CREDITS = "credits";

// ISO 4217 minor units other than 2, as the domain's `Currency::minor_digits` has them.
const MINOR_DIGITS: Record<string, number> = {
  ...Object.fromEntries(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ").map((unit) => [unit, 0]),
  ),
  ...Object.fromEntries("BHD IQD JOD KWD LYD OMR TND".split(" ").map((unit) => [unit, 3])),
  CLF: 4,
  UYW: 4,
};

export function minorDigits(unit: string): number {
  return unit === CREDITS ? 0 : (MINOR_DIGITS[unit] ?? 2);
}

/** The decimal text of an integer count of minor units, exact for every safe integer. */
export function decimalText(value: number, digits: number): string {
  const negative = value < 0;
  const whole = BigInt(Math.abs(value))
    .toString()
    .padStart(digits + 1, "0");
  const cut = whole.length - digits;
  const text = digits === 0 ? whole : `${whole.slice(0, cut)}.${whole.slice(cut)}`;
  return negative ? `-${text}` : text;
}

interface AmountOptions {
  /** Show a plus before a positive amount: for movements. */
  signed?: boolean;
  locale?: string;
}

/** The figure without its unit. */
export function formatFigure(amount: AmountView, options: AmountOptions = {}): string {
  const digits = minorDigits(amount.unit);
  const format = new Intl.NumberFormat(options.locale ?? formatLocale(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: options.signed ? "exceptZero" : "auto",
  });
  // The decimal text, not a quotient: no figure passes through a float.
  const text = format.format(decimalText(amount.value, digits) as Intl.StringNumericLiteral);
  return text.replace("-", "\u2212");
}

export function unitWord(amount: AmountView): string {
  if (amount.unit !== CREDITS) return amount.unit;
  return m.unit_credits({ count: Math.abs(amount.value) });
}

/** "3,570 credits", "12.40 EUR". The space does not break. */
export function formatAmount(amount: AmountView, options: AmountOptions = {}): string {
  const text = `${formatFigure(amount, options)}\u00a0${unitWord(amount)}`;
  // In a right-to-left sentence the figure must stay before its unit.
  return globalThis.document?.documentElement.dir === "rtl" ? `\u2066${text}\u2069` : text;
}

export function formatCount(count: number): string {
  return new Intl.NumberFormat(formatLocale()).format(count);
}

/** Reads what a person typed ("12.40", "1,200") as minor units; null when it is no amount of this unit. */
export function parseAmount(text: string, unit: string): number | null {
  const digits = minorDigits(unit);
  const plain = text.trim().replace(/[\s\u00a0,'\u2019_](?=\d{3}(\D|$))/g, "");
  const match = /^(\d+)(?:[.,](\d+))?$/.exec(plain);
  if (!match) return null;
  const fraction = match[2] ?? "";
  if (fraction.length > digits) return null;
  const value = Number(match[1]! + fraction.padEnd(digits, "0"));
  return Number.isSafeInteger(value) ? value : null;
}
