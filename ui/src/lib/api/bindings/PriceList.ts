import type { PlanPrice } from "./PlanPrice";
export type PriceList = { plans: Array<PlanPrice>, may_change: boolean, };
