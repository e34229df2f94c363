/** What a report may be about. */
export const PERIODS = ["this_month", "last_month", "this_year", "own"] as const;
export type PeriodChoice = (typeof PERIODS)[number];

/** Both days are in it: `2026-11-01`. */
export interface Days {
  start_date: string;
  end_date: string;
}

const text = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The days of a choice; `today` is the operator's. A year ends with this month: the others are still to come. */
export function daysOf(choice: Exclude<PeriodChoice, "own">, today: string): Days {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7)) - 1];
  const first = choice === "this_year" ? 0 : choice === "last_month" ? month - 1 : month;
  const last = choice === "last_month" ? month - 1 : month;
  // The day before the first of the next month.
  return { start_date: text(Date.UTC(year, first, 1)), end_date: text(Date.UTC(year, last + 1, 0)) };
}
