export type PriceRef = { reseller_id: string, plan_id: string, };
