import type { AccountView } from "../bindings/AccountView";
import { commissionHandlers } from "./commission";
import { customerHandlers } from "./customers";
import { paymentHandlers } from "./payments";
import type { Switches } from "./switches";

/** Who bought, what they paid, and what is earned of it. */
export function moneyHandlers(switches: () => Switches, account: (id: string) => AccountView) {
  return {
    ...commissionHandlers(switches),
    ...customerHandlers(switches),
    ...paymentHandlers(switches, account),
  };
}
