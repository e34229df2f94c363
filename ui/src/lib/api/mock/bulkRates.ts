import type { CommissionRate } from "../bindings/CommissionRate";
import type { RateChange } from "../bindings/RateChange";
import type { RatesSet } from "../bindings/RatesSet";
import type { SetResellerRates } from "../bindings/SetResellerRates";
import { CallError } from "../error";
import type { MockResellers } from "./admin";

/** One rate for many resellers; they begin by tier. */
export function bulkRateHandlers(resellers: () => MockResellers) {
  const rates = new Map<string, CommissionRate>();
  return {
    set_reseller_rates: (asked: SetResellerRates): RatesSet => {
      const day = asked.from_day === undefined ? Date.now() : Date.parse(asked.from_day);
      if (asked.from_day !== undefined && day < Date.now()) {
        const fields = [{ field: "from_day", message: "a day to come" }];
        throw new CallError({ code: "validation_failed", detail: "from_day", fields });
      }
      const rows = asked.resellers.map(({ reseller_id }): RateChange => {
        const reseller = resellers().rows.find((row) => row.reseller_id === reseller_id);
        if (!reseller) return { reseller_id, refused: "unknown" };
        const now: CommissionRate = rates.get(reseller_id) ?? { kind: "by_tier" };
        const known = { company: reseller.company, settlement_mode: reseller.settlement_mode, now };
        const same = JSON.stringify(now) === JSON.stringify(asked.rate);
        if (!asked.dry_run && !same) rates.set(reseller_id, asked.rate);
        return { reseller_id, known, ...(same ? { refused: "same" } : {}) };
      });
      return { valid_from: day, rows };
    },
  };
}
