import type { ReportCell } from "$lib/api/bindings/ReportCell";
import type { ReportPage } from "$lib/api/bindings/ReportPage";
import type { Measure, Point } from "$lib/components/dashboard/series";
import { CREDITS, formatAmount, formatCount, unitWord } from "$lib/format/amount";
import { formatPercent } from "$lib/format/percent";
import { m } from "$lib/paraglide/messages";
import { headingOf } from "$lib/words/reports";

/** More bars than these nobody tells apart. */
const MOST_MONTHS = 36;

type Row = ReportCell[];

function monthOf(cell: ReportCell | undefined): string | undefined {
  return cell !== undefined && cell !== "empty" && "month" in cell ? cell.month : undefined;
}

/** The number in a cell and its unit, where it has them. */
function figureOf(cell: ReportCell | undefined): { value: number; unit: string } | undefined {
  if (cell === undefined || cell === "empty") return undefined;
  if ("count" in cell) return { value: cell.count, unit: "" };
  if ("amount" in cell) return cell.amount;
  if ("percent" in cell) return { value: cell.percent, unit: "%" };
  return undefined;
}

function words(value: number, unit: string): string {
  if (unit === "%") return formatPercent(value);
  return unit === "" ? formatCount(value) : formatAmount({ value, unit });
}

function measure(key: string, unit: string, points: Point[]): Measure {
  const column = headingOf(key);
  const named = unit === CREDITS ? unitWord({ value: 2, unit }) : unit;
  const word = unit === "" || unit === "%" ? column : m.reports_measure_unit({ column, unit: named });
  return { id: unit === "" || unit === "%" ? key : `${key}-${unit}`, word, points };
}

/**
 * What a chart can show of a report by month: each column of figures, each currency and unit by itself, rows of one month
 * together. Rates of several rows are no sum, so they are shown where a month has one row. `rows` are all there are.
 */
export function chartOf(page: ReportPage, rows: Row[]): Measure[] {
  const at = page.columns.findIndex((column) => column.kind === "month");
  if (at < 0) return [];
  const months = [
    ...new Set(rows.map((row) => monthOf(row[at])).filter((month) => month !== undefined)),
  ].sort();
  if (months.length < 2 || months.length > MOST_MONTHS) return [];
  const alone = rows.length === months.length;
  return page.columns.flatMap(({ key }, column) => {
    const units = [
      ...new Set(rows.map((row) => figureOf(row[column])?.unit).filter((unit) => unit !== undefined)),
    ];
    return units
      .filter((unit) => unit !== "%" || alone)
      .map((unit) => {
        const sum = (month: string): number =>
          rows
            .filter((row) => monthOf(row[at]) === month)
            .map((row) => figureOf(row[column]))
            .reduce((total, figure) => total + (figure?.unit === unit ? figure.value : 0), 0);
        const points = months.map((month) => {
          const value = sum(month);
          return { month, value, words: words(value, unit) };
        });
        return measure(key, unit, points);
      });
  });
}
