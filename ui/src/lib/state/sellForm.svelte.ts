import type { PlanTile } from "$lib/api/bindings/PlanTile";

export const MOST_AT_ONCE = 100;

/** What the shop person has chosen so far. It stays when the page is left and comes back. */
export class SellForm {
  planId = $state<string>();
  quantity = $state(1);
  email = $state("");

  /** The plan a number key stands for: 1 is the first tile. */
  pickByKey(key: string, plans: PlanTile[]): PlanTile | undefined {
    if (!/^[1-9]$/.test(key)) return undefined;
    const plan = plans[Number(key) - 1];
    if (plan) this.planId = plan.plan_id;
    return plan;
  }

  get quantityValid(): boolean {
    return Number.isInteger(this.quantity) && this.quantity >= 1 && this.quantity <= MOST_AT_ONCE;
  }

  step(by: number): void {
    const from = Number.isFinite(this.quantity) ? Math.trunc(this.quantity) : 1;
    this.quantity = Math.min(Math.max(from + by, 1), MOST_AT_ONCE);
  }

  /** Nobody finds what the person before chose and typed. */
  forget(): void {
    this.planId = undefined;
    this.next();
  }

  /** After a sale: the next customer may want the same plan, never the same address. */
  next(): void {
    this.quantity = 1;
    this.email = "";
  }
}

export const sellForm = new SellForm();
