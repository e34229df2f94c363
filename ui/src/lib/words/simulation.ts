import type { AmountView } from "$lib/api/bindings/AmountView";
import type { DocumentFile } from "$lib/api/bindings/DocumentFile";
import { decimalText, formatAmount, minorDigits } from "$lib/format/amount";
import { csvFile, csvText } from "$lib/format/csv";
import { formatPercent } from "$lib/format/percent";
import { m } from "$lib/paraglide/messages";
import { nowOf, type Simulation, thenOf } from "$lib/state/simulation.svelte";

/** How much more or less, in percent of what it was: "+3.7%"; nothing where it was nothing. */
export function changeWord(before: number, after: number): string {
  if (before === 0) return "";
  // In basis points, of which people read one decimal of a percent.
  const trend = Math.round(((after - before) * 1_000) / before) * 10;
  const sign = trend > 0 ? "+" : trend < 0 ? "\u2212" : "";
  return `${sign}${formatPercent(Math.abs(trend))}`;
}

/** What all of it would have cost, beside what it cost. */
export function costWord(before: AmountView, after: AmountView): string {
  const now = formatAmount(after);
  if (before.value === after.value) return m.sim_same_cost({ now });
  if (before.value === 0) return m.sim_cost_from_nothing({ now });
  return m.sim_cost({
    now,
    before: formatAmount(before),
    change: changeWord(before.value, after.value),
  });
}

/** The sums by reseller for a spreadsheet. */
export function simulationFile(simulation: Simulation): DocumentFile {
  const { asked, currency } = simulation;
  const figure = (value: number) => decimalText(value, minorDigits(currency));
  const head = [
    "reseller",
    "sales",
    "same",
    "own_then",
    "own_now",
    "override_then",
    "override_now",
    "then",
    "now",
    "difference",
    "currency",
  ];
  const lines = simulation.rows.map((row) => [
    csvText(row.company),
    String(row.sales),
    String(row.same),
    ...[row.own_then, row.own_now, row.overrides_then, row.overrides_now].map(figure),
    ...[thenOf(row), nowOf(row), nowOf(row) - thenOf(row)].map(figure),
    currency,
  ]);
  const days = asked ? `-${asked.start_date}-to-${asked.end_date}` : "";
  return csvFile(`what-if${days}.csv`, [head, ...lines]);
}
