import type { PlanPrice } from "$lib/api/bindings/PlanPrice";
import type { PriceEntry } from "$lib/api/bindings/PriceEntry";
import { formatAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

/** What an entry of a price list says: "12.40 EUR", "the plan's price" or "may not sell it". */
export function termsWord(entry: PriceEntry): string {
  if (!entry.allowed) return m.price_terms_refused();
  return entry.price ? formatAmount(entry.price) : m.price_terms_plan();
}

/** Where the price of a plan comes from. */
export function sourceWord(known: PlanPrice): string {
  if (!known.allowed) return known.entry ? m.price_not_sold() : m.price_chosen_only();
  if (!known.entry?.price) return m.price_plan_own();
  return m.price_own({ price: formatAmount(known.plan.price) });
}
