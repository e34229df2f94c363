const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** How far a zone is ahead of UTC at a moment. */
function offset(ms: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
  }).formatToParts(ms);
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const wall = Date.UTC(
    read("year"),
    read("month") - 1,
    read("day"),
    read("hour"),
    read("minute"),
    read("second"),
  );
  return wall - Math.floor(ms / 1000) * 1000;
}

/** The moment at which a calendar day ("2026-11-21"), or the one after so many more, begins in a zone. */
export function startOfDay(day: string, zone: string, later = 0): number | undefined {
  const match = DAY.exec(day);
  if (!match) return undefined;
  const wall = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + later);
  // Once with the offset of about then, and again with the one that holds there: days with a change of the clock.
  const first = wall - offset(wall, zone);
  return wall - offset(first, zone);
}

/** The calendar day of a moment in a zone: "2026-11-21". */
export function isoDayIn(ms: number, zone: string): string {
  return new Date(ms + offset(ms, zone)).toISOString().slice(0, 10);
}
