import type { StatementKind } from "$lib/api/bindings/StatementKind";
import { m } from "$lib/paraglide/messages";

/** What a line of a provider's statement is. */
export const LINE_WORDS: Record<StatementKind, () => string> = {
  order: m.pacc_line_order,
  refund: m.pacc_line_refund,
  settlement: m.pacc_line_settlement,
};
