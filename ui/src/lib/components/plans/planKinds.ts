import type { PlanKind } from "$lib/api/bindings/PlanKind";
import { m } from "$lib/paraglide/messages";

export const PLAN_KINDS: Record<PlanKind, () => string> = {
  monthly: m.kind_monthly,
  quarterly: m.kind_quarterly,
  yearly: m.kind_yearly,
  custom: m.kind_custom,
};
