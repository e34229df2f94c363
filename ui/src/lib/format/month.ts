import { formatLocale } from "./locale";

const MONTH = /^(\d{4})-(\d{2})$/;

function format(text: string, options: Intl.DateTimeFormatOptions, locale: string): string {
  const match = MONTH.exec(text);
  if (!match) return text;
  const day = Date.UTC(Number(match[1]), Number(match[2]) - 1, 1);
  return new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }).format(day);
}

/** "2026-11" as "Nov 2026"; what is no month as it is. */
export function formatMonth(text: string, locale = formatLocale()): string {
  return format(text, { month: "short", year: "numeric" }, locale);
}

/** "2026-11" as "Nov". */
export function formatMonthShort(text: string, locale = formatLocale()): string {
  return format(text, { month: "short" }, locale);
}

/** "2026-11" as "N": where there is no room for more. */
export function formatMonthNarrow(text: string, locale = formatLocale()): string {
  return format(text, { month: "narrow" }, locale);
}
