import type { AmountView } from "$lib/api/bindings/AmountView";
import type { CreditOverview } from "$lib/api/bindings/CreditOverview";
import type { PlanTile } from "$lib/api/bindings/PlanTile";

/** What stays in the wallet because no plan costs so little. */
export interface LeftOver {
  left: AmountView;
  /** What one code of the cheapest plan takes. */
  cheapest: AmountView;
}

/** A lease is of whole codes, so less than one code of the cheapest plan comes into none. A credit limit counts as credit. */
export function leftOver(
  { available, credit_limit }: Pick<CreditOverview, "available" | "credit_limit">,
  tiles: readonly PlanTile[],
): LeftOver | undefined {
  const costs = tiles
    .map(({ cost }) => cost)
    .filter(({ unit, value }) => unit === available.unit && value > 0)
    .map(({ value }) => value);
  const spendable = available.value + credit_limit.value;
  const cheapest = Math.min(...costs);
  if (costs.length === 0 || available.value <= 0 || spendable >= cheapest) return undefined;
  return { left: available, cheapest: { value: cheapest, unit: available.unit } };
}
