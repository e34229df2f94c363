import type { PlanView } from "$lib/api/bindings/PlanView";
import { formatAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

/** The plans that can be chosen, each with its term and its price, after the words for none of them. */
export function planOptions(plans: PlanView[], none: string): { value: string; label: string }[] {
  const active = plans.filter((plan) => plan.status === "active");
  const options = active.map((plan) => ({
    value: plan.plan_id,
    label: m.account_plan_choice({
      name: plan.name,
      days: m.days({ count: plan.term_days }),
      price: formatAmount(plan.price),
    }),
  }));
  return [{ value: "", label: none }, ...options];
}
