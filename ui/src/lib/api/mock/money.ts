import type { MockAccounts } from "./accounts";
import type { MockResellers } from "./admin";
import { bulkRateHandlers } from "./bulkRates";
import { commissionHandlers } from "./commission";
import { customerHandlers } from "./customers";
import { paymentHandlers } from "./payments";
import { simulationHandlers } from "./simulation";
import type { Switches } from "./switches";

interface Core {
  switches: Switches;
  accounts: MockAccounts;
  resellers: MockResellers;
}

/** Who bought, what they paid, and what is earned of it. */
export function moneyHandlers(core: () => Core) {
  const switches = () => core().switches;
  return {
    ...commissionHandlers(switches),
    ...simulationHandlers(switches),
    ...bulkRateHandlers(() => core().resellers),
    ...customerHandlers(switches),
    ...paymentHandlers(switches, (id) => core().accounts.one(id)),
  };
}
