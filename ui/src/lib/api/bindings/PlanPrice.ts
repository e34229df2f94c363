import type { AmountView } from "./AmountView";
import type { PlanView } from "./PlanView";
import type { PriceEntry } from "./PriceEntry";
export type PlanPrice = { plan: PlanView, allowed: boolean, price: AmountView, entry?: PriceEntry, next?: PriceEntry, };
