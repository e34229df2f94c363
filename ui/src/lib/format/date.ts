import { m } from "$lib/paraglide/messages";

import { formatLocale } from "./locale";

const DAY_MS = 86_400_000;

/** "Asia/Tehran" is shown as "Tehran": the place says more than an offset. */
export function zonePlace(zone: string): string {
  return (zone.split("/").pop() ?? zone).replaceAll("_", " ");
}

function partsIn(ms: number, zone: string): { hour: number; minute: number } {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(ms);
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return { hour: read("hour"), minute: read("minute") };
}

export function formatDay(ms: number, zone?: string, locale = formatLocale()): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    day: "numeric",
    month: "short",
    year: "numeric",
  }).format(ms);
}

export function formatTime(ms: number, zone?: string, locale = formatLocale()): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(ms);
}

/** A deadline: "3 Dec 2026, end of day (Tehran)", or with the time when it is not the end of a day. */
export function formatDeadline(ms: number, zone: string, locale = formatLocale()): string {
  const { hour, minute } = partsIn(ms, zone);
  const place = zonePlace(zone);
  if (hour === 23 && minute === 59) return m.deadline_day({ day: formatDay(ms, zone, locale), place });
  // Midnight at the start of a day is the end of the day before it.
  if (hour === 0 && minute === 0) return m.deadline_day({ day: formatDay(ms - 1, zone, locale), place });
  return m.deadline_time({ day: formatDay(ms, zone, locale), time: formatTime(ms, zone, locale), place });
}

/** A past moment in the reader's own zone: the time today, "3 Dec, 14:02" this year, otherwise with the year. */
export function formatMoment(ms: number, now: number, locale = formatLocale()): string {
  const at = new Date(ms);
  const today = new Date(now);
  if (at.toDateString() === today.toDateString()) return formatTime(ms, undefined, locale);
  return new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    year: at.getFullYear() === today.getFullYear() ? undefined : "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(ms);
}

// From which distance each unit is used, and its length. Days go far: "in 45 days" is exact, "next month" is not.
const STEPS: [unit: Intl.RelativeTimeFormatUnit, from: number, ms: number][] = [
  ["year", 730 * DAY_MS, 365 * DAY_MS],
  ["month", 90 * DAY_MS, 30 * DAY_MS],
  ["day", DAY_MS, DAY_MS],
  ["hour", 3_600_000, 3_600_000],
  ["minute", 60_000, 60_000],
];

/** "2 hours ago", "in 12 days". */
export function formatRelative(ms: number, now: number, locale = formatLocale()): string {
  const distance = ms - now;
  const format = new Intl.RelativeTimeFormat(locale);
  for (const [unit, from, size] of STEPS) {
    if (Math.abs(distance) >= from) return format.format(Math.trunc(distance / size), unit);
  }
  return m.just_now();
}
