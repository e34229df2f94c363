import type { MockAccounts } from "./accounts";
import { commissionHandlers } from "./commission";
import { customerHandlers } from "./customers";
import { paymentHandlers } from "./payments";
import type { Switches } from "./switches";

/** Who bought, what they paid, and what is earned of it. */
export function moneyHandlers(core: () => { switches: Switches; accounts: MockAccounts }) {
  const switches = () => core().switches;
  return {
    ...commissionHandlers(switches),
    ...customerHandlers(switches),
    ...paymentHandlers(switches, (id) => core().accounts.one(id)),
  };
}
