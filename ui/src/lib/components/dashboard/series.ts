import type { AmountView } from "$lib/api/bindings/AmountView";
import type { MonthFiguresView } from "$lib/api/bindings/MonthFiguresView";
import type { PortalJobsView } from "$lib/api/bindings/PortalJobsView";
import { CREDITS, decimalText, formatAmount, formatCount, minorDigits, unitWord } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

/** What happened in a month, as a number and in words. */
export interface Point {
  month: string;
  value: number;
  words: string;
}

/** Something that a chart can show of every month. */
export interface Measure {
  id: string;
  word: string;
  points: Point[];
}

type Amounts = "revenue" | "used" | "earned";

const WORDS: Record<Amounts, (inputs: { unit: string }) => string> = {
  revenue: m.dash_measure_revenue,
  used: m.dash_measure_used,
  earned: m.dash_measure_earned,
};

/** The units of the months in the order in which they come, the newest month first: its own currency leads. */
function unitsOf(months: MonthFiguresView[], of: Amounts): string[] {
  return [...new Set([...months].reverse().flatMap((month) => month[of].map((amount) => amount.unit)))];
}

function amountIn(amounts: AmountView[], unit: string): AmountView {
  return amounts.find((amount) => amount.unit === unit) ?? { value: 0, unit };
}

function inEveryUnit(months: MonthFiguresView[], of: Amounts): Measure[] {
  return unitsOf(months, of).map((unit) => ({
    id: `${of}-${unit}`,
    word: WORDS[of]({ unit: unit === CREDITS ? unitWord({ value: 2, unit }) : unit }),
    points: months.map((month) => {
      const amount = amountIn(month[of], unit);
      return { month: month.month, value: amount.value, words: formatAmount(amount) };
    }),
  }));
}

function counted(
  months: MonthFiguresView[],
  id: string,
  word: string,
  of: (month: MonthFiguresView) => number,
): Measure {
  const point = (month: MonthFiguresView) => ({
    month: month.month,
    value: of(month),
    words: formatCount(of(month)),
  });
  return { id, word, points: months.map(point) };
}

/** All that a chart can show, each currency and unit by itself. Commission only where there was any. */
export function measures(months: MonthFiguresView[]): Measure[] {
  const earned = inEveryUnit(months, "earned").filter((one) => one.points.some((point) => point.value !== 0));
  return [
    ...inEveryUnit(months, "revenue"),
    counted(months, "sales", m.dash_measure_sales(), (month) => month.codes + month.services),
    ...inEveryUnit(months, "used"),
    ...earned,
    counted(months, "accounts", m.dash_measure_accounts(), (month) => month.accounts),
  ];
}

/** A bar in percent of the height of a chart: where it begins and how tall it is. Below zero it hangs from the line. */
export interface Bar {
  from: number;
  height: number;
}

export function bars(points: Point[]): { bars: Bar[]; zero: number } {
  const top = Math.max(0, ...points.map((point) => point.value));
  const bottom = Math.min(0, ...points.map((point) => point.value));
  const all = top - bottom;
  if (all === 0) return { bars: points.map(() => ({ from: 0, height: 0 })), zero: 0 };
  const zero = (-bottom / all) * 100;
  const bar = ({ value }: Point): Bar => {
    const height = (Math.abs(value) / all) * 100;
    return { from: value < 0 ? zero - height : zero, height };
  };
  return { bars: points.map(bar), zero };
}

/** The months as lines for a spreadsheet: exact figures, with a column for each currency and unit. */
export function monthLines(months: MonthFiguresView[]): string[][] {
  const columns = (["revenue", "used", "earned"] as const).flatMap((of) =>
    unitsOf(months, of).map((unit) => ({ of, unit })),
  );
  const figure = (amount: AmountView) => decimalText(amount.value, minorDigits(amount.unit));
  const counts = ["codes", "services", "payments", "voided", "activated", "accounts"] as const;
  return [
    ["month", ...counts, ...columns.map(({ of, unit }) => `${of}_${unit}`)],
    ...months.map((month) => [
      month.month,
      ...counts.map((count) => String(month[count])),
      ...columns.map(({ of, unit }) => figure(amountIn(month[of], unit))),
    ]),
  ];
}

/** Whether anything was ever sold or made in these months. */
export function anything(months: MonthFiguresView[]): boolean {
  return months.some(
    (month) =>
      month.codes + month.services + month.payments + month.voided + month.activated + month.accounts > 0,
  );
}

/** Accounts for each reseller with one decimal at most; none where there is no reseller. */
export function perReseller(accounts: number, resellers: number, locale?: string): string | undefined {
  if (resellers === 0) return undefined;
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(accounts / resellers);
}

/** So many of so many, in basis points, half up; none of nothing. */
export function shareOf(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : Math.floor((part * 20_000 + whole) / (2 * whole));
}

/** Jobs of all portals together. */
export function sumOfJobs(portals: PortalJobsView[]): {
  ended: number;
  first: number;
  hour: number;
  failed: number;
} {
  const sum = (of: (one: PortalJobsView) => number) => portals.reduce((all, one) => all + of(one), 0);
  return {
    ended: sum((one) => one.agreed + one.failed),
    first: sum((one) => one.first_try),
    hour: sum((one) => one.within_an_hour),
    failed: sum((one) => one.failed),
  };
}
