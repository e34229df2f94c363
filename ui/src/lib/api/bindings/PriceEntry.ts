import type { AmountView } from "./AmountView";
export type PriceEntry = { price_id: string, allowed: boolean, price?: AmountView, valid_from: number, set_at: number, set_by: string, note: string, };
