import type { PlanPrice } from "./PlanPrice";
import type { PriceEntry } from "./PriceEntry";
export type PriceHistory = { now: PlanPrice, history: Array<PriceEntry>, };
