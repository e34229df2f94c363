import type { AmountView } from "../bindings/AmountView";
import type { SimulateCommission } from "../bindings/SimulateCommission";
import type { SimulatedPart } from "../bindings/SimulatedPart";
import type { SimulatedReseller } from "../bindings/SimulatedReseller";
import { CallError } from "../error";
import { inventId, LONG_NAME } from "./invent";
import type { Switches } from "./switches";
import { work } from "./workTime";

const SHOPS = ["Navid Telecom", "Sepehr Media", "Blue Minaret Net", "Kish Island Cable"];
const PRICE = 999;
/** Sales of each shop in one part, and the parts. */
const SALES = [700, 500, 400, 400];
const PARTS = 3;
/** So long that one sees how far it is, and can stop it. */
const PART_MS = 250;

const euros = (value: number): AmountView => ({ value, unit: "EUR" });
const share = (rate: number) => Math.floor((PRICE * rate + 5_000) / 10_000);

/** Codes of 9.99, sold by four shops of which the first stands above the others. */
function part({ rules, rates, after }: SimulateCommission, long: boolean): SimulatedPart {
  const proposed = rules ?? { code_rate: 2_000, override_rate: 500, override_levels: 1, cap: 5_000 };
  const all = SALES.reduce((sum, sales) => sum + sales, 0);
  let same = 0;
  const override = { then: 0, now: 0 };
  const resellers = SHOPS.map((company, at): SimulatedReseller => {
    const sales = SALES[at]!;
    const reseller_id = inventId(5, at);
    const agreed = rates.find((one) => one.reseller_id === reseller_id)?.rate;
    const rate = agreed?.kind === "fixed" ? agreed.basis_points : proposed.code_rate;
    const own = Math.min(rate, proposed.cap);
    const above = proposed.override_levels > 0 ? Math.min(proposed.override_rate, proposed.cap - own) : 0;
    const unchanged = share(own) === share(2_000) && (at === 0 || share(above) === share(500));
    if (unchanged) same += sales;
    if (at > 0) {
      override.then += sales * share(500);
      override.now += sales * share(above);
    }
    return {
      reseller_id,
      company: long && at === 1 ? LONG_NAME : company,
      sales,
      same: unchanged ? sales : 0,
      own_then: euros(sales * share(2_000)),
      own_now: euros(sales * share(own)),
      overrides_then: euros(0),
      overrides_now: euros(0),
    };
  });
  resellers[0] = {
    ...resellers[0]!,
    overrides_then: euros(override.then),
    overrides_now: euros(override.now),
  };
  const at = Number(after ?? 0);
  return {
    currency: "EUR",
    ...(after === undefined ? { total: PARTS * all } : {}),
    sales: all,
    same,
    resellers,
    ...(at + 1 < PARTS ? { next: String(at + 1) } : {}),
  };
}

/** The replay, part by part. */
export function simulationHandlers(switches: () => Switches) {
  return {
    simulate_commission: async (asked: SimulateCommission): Promise<SimulatedPart> => {
      const { show, long } = switches();
      if (asked.end_date < asked.start_date) {
        const fields = [{ field: "end_date", message: "not before the first day" }];
        throw new CallError({ code: "validation_failed", detail: "end_date", fields });
      }
      if (show === "empty") return { currency: "EUR", total: 0, sales: 0, same: 0, resellers: [] };
      await work(PART_MS);
      if (show === "offline") throw new CallError({ code: "server_unreachable", detail: "offline" });
      return part(asked, long);
    },
  };
}
