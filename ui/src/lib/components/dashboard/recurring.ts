import type { RecurringMonthView } from "$lib/api/bindings/RecurringMonthView";
import { decimalText, formatAmount, minorDigits } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

import type { Measure } from "./series";

/** What recurred, as a chart shows it. All months are in the operator's currency. */
export function recurringMeasure(months: RecurringMonthView[]): Measure {
  const unit = months.at(-1)?.amount.unit ?? "";
  const points = months.map(({ month, amount }) => ({
    month,
    value: amount.value,
    words: formatAmount(amount),
  }));
  return { id: "recurring", word: m.over_recurring_measure({ unit }), points };
}

/** The months as lines for a spreadsheet: exact figures, each with how it is known. */
export function recurringLines(months: RecurringMonthView[]): string[][] {
  return [
    ["month", "thirty_days", "currency", "accounts", "known"],
    ...months.map(({ month, amount, accounts, source }) => [
      month,
      decimalText(amount.value, minorDigits(amount.unit)),
      amount.unit,
      String(accounts),
      source,
    ]),
  ];
}
