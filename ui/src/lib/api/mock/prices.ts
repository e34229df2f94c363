import type { PlanPrice } from "../bindings/PlanPrice";
import type { PlanView } from "../bindings/PlanView";
import type { PriceEntry } from "../bindings/PriceEntry";
import type { PriceHistory } from "../bindings/PriceHistory";
import type { PriceList } from "../bindings/PriceList";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { DAY, inventId, LONG_NAME, NOW } from "./invent";
import type { Switches } from "./switches";

/** The price lists of resellers. The first reseller has a price of its own, one to come, and a plan it may not sell. */
export function priceHandlers(world: () => [Switches, PlanView[]]) {
  const lists = new Map<string, Map<string, PriceEntry[]>>();

  function entry(n: number, over: Partial<PriceEntry>): PriceEntry {
    const set_at = NOW - 40 * DAY;
    return {
      price_id: inventId(95, n),
      allowed: true,
      valid_from: set_at,
      set_at,
      set_by: "m.azadi",
      note: "",
      ...over,
    };
  }

  function of(resellerId: string): Map<string, PriceEntry[]> {
    const [switches, plans] = world();
    const known = lists.get(resellerId) ?? new Map<string, PriceEntry[]>();
    if (!lists.has(resellerId) && resellerId === inventId(5, 0) && plans.length > 2) {
      const [first, second, third] = plans as [PlanView, PlanView, PlanView];
      const less = { value: Math.floor(first.price.value * 0.9), unit: first.price.unit };
      const note = switches.long ? LONG_NAME : "For two hundred a month";
      known.set(first.plan_id, [entry(1, { price: less, note })]);
      known.set(second.plan_id, [entry(2, { valid_from: NOW + 9 * DAY, price: { ...less, value: 1_999 } })]);
      known.set(third.plan_id, [entry(3, { allowed: false, note: "Sold by the fair only" })]);
    }
    lists.set(resellerId, known);
    return known;
  }

  function now(resellerId: string, plan: PlanView): PlanPrice {
    const entries = of(resellerId).get(plan.plan_id) ?? [];
    const inForce = entries.find((one) => one.valid_from <= Date.now());
    const next = entries.filter((one) => one.valid_from > Date.now()).at(-1);
    return {
      plan,
      allowed: inForce ? inForce.allowed : plan.sold_by === "everyone",
      price: inForce?.price ?? plan.price,
      ...(inForce ? { entry: inForce } : {}),
      ...(next ? { next } : {}),
    };
  }

  function history(resellerId: string, planId: string): PriceHistory {
    const plan = world()[1].find((one) => one.plan_id === planId);
    if (!plan) throw new CallError({ code: "not_found", detail: "plan" });
    return { now: now(resellerId, plan), history: of(resellerId).get(planId) ?? [] };
  }

  return {
    price_list: ({ reseller_id }: Commands["price_list"]["args"]): PriceList => {
      const [switches, plans] = world();
      const active = plans
        .filter((plan) => plan.status === "active")
        .sort((a, b) => a.name.localeCompare(b.name));
      return {
        plans: active.map((plan) => now(reseller_id, plan)),
        may_change: ["super_admin", "admin"].includes(switches.staff),
      };
    },
    price_history: ({ reseller_id, plan_id }: Commands["price_history"]["args"]) =>
      history(reseller_id, plan_id),
    set_price: (request: Commands["set_price"]["args"]) => {
      const { reseller_id, plan_id, price_id, allowed, price, from_day, note } = request;
      const from = from_day ? Date.parse(from_day) : Date.now();
      if (from_day && from < NOW) {
        const fields = [{ field: "from_day", message: "a day to come" }];
        throw new CallError({ code: "validation_failed", detail: "from_day", fields });
      }
      const added = entry(0, {
        price_id,
        allowed,
        valid_from: from,
        set_at: Date.now(),
        note,
        ...(price ? { price } : {}),
      });
      const before = of(reseller_id).get(plan_id) ?? [];
      of(reseller_id).set(
        plan_id,
        [added, ...before].sort((a, b) => b.valid_from - a.valid_from),
      );
      return history(reseller_id, plan_id);
    },
  };
}
