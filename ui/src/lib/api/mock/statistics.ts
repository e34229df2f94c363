import type { PlanStatisticsView } from "../bindings/PlanStatisticsView";
import type { PlanView } from "../bindings/PlanView";
import type { ResellerStatisticsView } from "../bindings/ResellerStatisticsView";
import type { ResellerView } from "../bindings/ResellerView";
import type { StateCount } from "../bindings/StateCount";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { euros, monthBack, SHOPS, STAFF_WITH_REPORTS, trend } from "./dashboard";
import { DAY, hash, inventId, LONG_NAME, NOW, ZONE } from "./invent";
import type { Switches } from "./switches";

/** One plan and one reseller, for who of the staff may see reports. */
export function statisticsHandlers(
  switches: () => Switches,
  plans: () => PlanView[],
  resellers: () => ResellerView[],
) {
  const check = (): Switches => {
    const now = switches();
    if (now.show === "offline") {
      throw new CallError({ code: "server_unreachable", detail: "connection refused" });
    }
    if (!STAFF_WITH_REPORTS.includes(now.staff)) {
      throw new CallError({ code: "not_permitted", detail: "The role support may not do this." });
    }
    return now;
  };
  const frame = { as_of: NOW, time_zone: ZONE };

  return {
    plan_statistics: ({ plan_id }: Commands["plan_statistics"]["args"]): PlanStatisticsView => {
      const now = check();
      const at = plans().findIndex((plan) => plan.plan_id === plan_id);
      const plan = plans()[at];
      if (!plan) throw new CallError({ code: "not_found", detail: "There is no such plan." });
      // Nobody gave a trial yet, so there is a plan without anything as well.
      const scale = plan.trials_a_month ? 0 : 60 - at * 9;
      const month = (back: number) => ({
        month: monthBack(back),
        codes: scale * (2 + back),
        services: scale,
        voided: Math.floor(scale / 20),
        activated: scale,
      });
      return {
        ...frame,
        plan_id,
        name: plan.name,
        waiting: now.show === "low" ? 12 : 0,
        codes: states(scale),
        service: { running: scale * 9, ending_in_7_days: scale, ending_in_30_days: scale * 4 },
        this_month: month(0),
        month_before: month(1),
        revenue: [trend(scale * 3 * plan.price.value, scale * 4 * plan.price.value)],
        top_resellers: scale
          ? SHOPS.map((company, place) => ({
              reseller_id: inventId(97, place),
              company: now.long && place === 0 ? LONG_NAME : company,
              sales: (5 - place) * 7,
              revenue: trend((5 - place) * 7 * plan.price.value, (4 - place) * 6 * plan.price.value),
            }))
          : [],
      };
    },
    reseller_statistics: ({
      reseller_id,
    }: Commands["reseller_statistics"]["args"]): ResellerStatisticsView => {
      const now = check();
      const at = resellers().findIndex((row) => row.reseller_id === reseller_id);
      const reseller = resellers()[at];
      if (!reseller) throw new CallError({ code: "not_found", detail: "There is no such reseller." });
      // Who was made a moment ago has nothing yet.
      const scale = reseller.last_login_at === undefined ? 0 : 3 + (hash(at) % 40);
      const earns = reseller.settlement_mode === "share";
      return {
        ...frame,
        reseller_id,
        company: reseller.company,
        settlement_mode: reseller.settlement_mode,
        waiting: now.show === "low" ? 12 : 0,
        accounts: {
          total: scale * 10,
          active: scale * 7,
          ending_soon: scale,
          expired: scale * 2,
          suspended: scale,
        },
        codes: states(scale),
        used: scale ? [earns ? euros(scale * 1_249) : { value: scale * 45, unit: "credits" }] : [],
        revenue: [trend(scale * 1_249, scale * 1_100)],
        ...(earns
          ? {
              commission: {
                this_month: euros(scale * 250),
                lifetime: euros(scale * 2_400),
                pending: euros(scale * 120),
              },
            }
          : {}),
        ...(scale ? { last_login_at: NOW - DAY } : {}),
        members: 1 + (scale % 4),
        devices: scale ? 1 + (scale % 3) : 0,
      };
    },
  };
}

function states(scale: number): StateCount[] {
  if (scale === 0) return [];
  return [
    { state: "sold", count: scale * 4 },
    { state: "activated", count: scale * 11 },
    { state: "held", count: 1 },
    { state: "expired", count: scale },
    { state: "voided", count: Math.ceil(scale / 3) },
  ];
}
