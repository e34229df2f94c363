import type { AccountPortals } from "$lib/api/bindings/AccountPortals";
import type { AccountView } from "$lib/api/bindings/AccountView";
import type { ChangeAccountPlan } from "$lib/api/bindings/ChangeAccountPlan";
import type { PlanView } from "$lib/api/bindings/PlanView";
import { mintId } from "$lib/api/ids";

/** Plans that an account can change to: trials are for who never had service. */
export function takenByChange(plans: PlanView[]): PlanView[] {
  return plans.filter((plan) => plan.status === "active" && plan.trials_a_month === undefined);
}

/** A change of a plan that takes the account to another portal. */
export interface Move {
  /** Absent where it is on none yet. */
  from?: string;
  to: string;
}

/** None where the account stays on its portal, which it does as well with a plan that no portal serves. */
export function moveOf({ now, plans }: AccountPortals, plan_id: string): Move | undefined {
  const to = plans.find((plan) => plan.plan_id === plan_id)?.portal;
  return to === undefined || to === now ? undefined : { ...(now === undefined ? {} : { from: now }), to };
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
