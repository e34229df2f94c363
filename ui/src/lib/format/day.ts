import { formatLocale } from "./locale";

const DAY_MS = 86_400_000;
const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[ T]|$)/;

/** A calendar day as milliseconds at midnight UTC; undefined where the text begins with none. */
function dayOf(text: string): number | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const ms = Date.UTC(year, month - 1, day);
  const date = new Date(ms);
  // The 31st of a month of thirty days is no day.
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1000 ? ms : undefined;
}

/** The last day that a portal's end date promises: a portal cuts an account early on the date it keeps. */
export function lastDayOf(endDate: string): number | undefined {
  const cut = dayOf(endDate);
  return cut === undefined ? undefined : cut - DAY_MS;
}

/** "21 Dec 2026" of a calendar day at midnight UTC. */
export function formatDate(day: number, locale = formatLocale()): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    day: "numeric",
    month: "short",
    year: "numeric",
  }).format(day);
}

/** "2026-12-21" as people write it; anything else as it is. */
export function formatIsoDay(text: string, locale = formatLocale()): string {
  const day = dayOf(text);
  return day === undefined ? text : formatDate(day, locale);
}

/** "32 sec", "4 min", "1 hr 20 min": how long something takes, not finer than anybody can know. */
export function formatDuration(ms: number, locale = formatLocale()): string {
  const part = (value: number, unit: string) =>
    new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(value);
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 60) return part(seconds, "second");
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return part(minutes, "minute");
  const rest = minutes % 60;
  const hours = part(Math.floor(minutes / 60), "hour");
  return rest === 0 ? hours : `${hours} ${part(rest, "minute")}`;
}
