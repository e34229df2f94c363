import type { AmountView } from "./AmountView";
export type SetPrice = { reseller_id: string, plan_id: string, price_id: string, allowed: boolean, price?: AmountView, from_day?: string, note: string, };
