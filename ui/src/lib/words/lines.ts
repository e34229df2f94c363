import type { HistoryRow } from "$lib/api/bindings/HistoryRow";
import { m } from "$lib/paraglide/messages";

/** What a line of a wallet is, in a sentence. */
export function lineSentence(row: HistoryRow): string {
  const reference = row.reference ?? "";
  const between = row.source_event?.startsWith("downline/") ?? false;
  const payment = row.source_event?.startsWith("payment/") ?? false;
  if (payment) return row.kind === "debit" ? m.pay_line_collected() : m.pay_line_refunded();
  switch (row.kind) {
    case "purchase":
      return reference ? m.line_purchase_pack({ reference }) : m.line_purchase();
    case "credit":
      return between ? m.line_credit_from({ reference }) : m.line_credit();
    case "debit":
      return between ? m.line_debit_to({ reference }) : m.line_debit();
    case "bonus":
      return m.line_bonus();
    case "refund":
      return m.line_refund();
    case "adjustment":
      return m.line_adjustment();
    case "lease_grant":
      return m.line_lease_grant({ reference });
    case "lease_release":
      return m.line_lease_release({ reference });
    case "late_sale":
      return m.line_late_sale({ reference });
    case "online_sale":
      return m.line_online_sale({ reference });
    case "subscription":
      return reference ? m.line_subscription_of({ reference }) : m.line_subscription();
    case "void":
      return m.line_void({ reference });
    default:
      return "";
  }
}

/** Whether the line belongs to one code, whose serial it names. */
export function ofCode(row: HistoryRow): boolean {
  return row.reference !== undefined && (row.kind === "late_sale" || row.kind === "void");
}

/** Whether a person of the operator moved it; their names stay with the operator. */
export function byOperator(row: HistoryRow): boolean {
  return /^(request|top-up)\//.test(row.source_event ?? "");
}
