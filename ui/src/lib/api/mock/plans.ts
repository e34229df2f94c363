import type { PlanTile } from "../bindings/PlanTile";
import type { PlanView } from "../bindings/PlanView";
import type { TrialCode } from "../bindings/TrialCode";
import type { TrialView } from "../bindings/TrialView";
import type { Commands } from "../commands";
import { CallError } from "../error";
import type { MockCredit } from "./credit";
import { DAY, endOfDay, inventCode, inventId, NOW } from "./invent";
import { mockQr } from "./paper";
import type { Switches } from "./switches";

/** What the Sell page shows: trials are not among them. */
export function sellTiles(plans: PlanView[], credit: MockCredit): PlanTile[] {
  return plans
    .filter((plan) => plan.status === "active" && !plan.trials_a_month)
    .map((plan) => {
      const cost = credit.cost(plan.term_days);
      return { ...plan, cost, sellable: Math.floor(credit.left() / cost.value) };
    });
}

/** Plans, and the trials among them: three of each were given this month. */
export function planHandlers(
  switches: () => Switches,
  plans: () => PlanView[],
  keep: (plans: PlanView[]) => void,
) {
  const given = new Map<string, number>();
  const left = (plan: PlanView) => Math.max(0, (plan.trials_a_month ?? 0) - (given.get(plan.plan_id) ?? 3));

  return {
    plans_list: () => plans(),
    save_plan: ({ trials_a_month, ...form }: Commands["save_plan"]["args"]): PlanView => {
      const trial = trials_a_month > 0 ? { trials_a_month } : {};
      const saved: PlanView = { ...form, ...trial, version: (form.version ?? 0) + 1 };
      const known = plans().some((plan) => plan.plan_id === form.plan_id);
      keep(
        known ? plans().map((plan) => (plan.plan_id === form.plan_id ? saved : plan)) : [...plans(), saved],
      );
      return saved;
    },
    trials: (): TrialView[] => {
      if (switches().show === "offline") throw new CallError({ code: "server_unreachable", detail: "mock" });
      return plans()
        .filter((plan) => plan.status === "active" && plan.trials_a_month)
        .map((plan) => ({
          plan_id: plan.plan_id,
          name: plan.name,
          term_days: plan.term_days,
          a_month: plan.trials_a_month ?? 0,
          left: switches().show === "low" ? 0 : left(plan),
          again_on: "2026-12-01",
        }));
    },
    make_trial: ({ code_id, plan_id }: Commands["make_trial"]["args"]): TrialCode => {
      const plan = plans().find((one) => one.plan_id === plan_id);
      if (!plan || left(plan) === 0) throw new CallError({ code: "trial_limit", detail: "mock" });
      given.set(plan_id, (given.get(plan_id) ?? 3) + 1);
      return {
        code_id: code_id || inventId(2, 1),
        code: inventCode(900 + (given.get(plan_id) ?? 0)),
        serial: "000431-0001",
        plan_name: plan.name,
        term_days: plan.term_days,
        redeem_by: endOfDay(NOW + 365 * DAY),
        svg: mockQr(),
      };
    },
  };
}
