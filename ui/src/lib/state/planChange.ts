import type { AccountView } from "$lib/api/bindings/AccountView";
import type { ChangeAccountPlan } from "$lib/api/bindings/ChangeAccountPlan";
import type { PlanView } from "$lib/api/bindings/PlanView";
import { mintId } from "$lib/api/ids";

/** Plans that an account can change to: trials are for who never had service. */
export function takenByChange(plans: PlanView[]): PlanView[] {
  return plans.filter((plan) => plan.status === "active" && plan.trials_a_month === undefined);
}

/** Another plan for an account, once under its id. */
export class PlanChange {
  #id = mintId();

  constructor(readonly account: AccountView) {}

  /** What it has costs nothing, so no other plan takes over its days. */
  isTrial(plans: PlanView[]): boolean {
    return plans.some((plan) => plan.plan_id === this.account.plan_id && plan.trials_a_month !== undefined);
  }

  /** All that it can have but the one it has. */
  choices(plans: PlanView[]): PlanView[] {
    return takenByChange(plans).filter((plan) => plan.plan_id !== this.account.plan_id);
  }

  request(plan_id: string): ChangeAccountPlan {
    return { account_id: this.account.account_id, plan_change_id: this.#id, plan_id };
  }

  /** The one before was refused: the next is another. */
  another(): void {
    this.#id = mintId();
  }
}
