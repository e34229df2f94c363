import type { PlanView } from "../bindings/PlanView";
import type { ResellerView } from "../bindings/ResellerView";
import { brandHandlers } from "./brand";
import { colleagueHandlers } from "./colleagues";
import { noticeHandlers } from "./notices";
import { permissionHandlers } from "./permissions";
import { secondFactorHandlers } from "./secondFactor";
import { sessionHandlers } from "./sessions";
import { settingsHandlers } from "./settings";
import { statisticsHandlers } from "./statistics";
import type { Switches } from "./switches";

/** What staff read and decide for all resellers, and where whoever is here is signed in. */
export function staffHandlers(
  switches: () => Switches,
  plans: () => PlanView[],
  resellers: () => ResellerView[],
  rebranded: () => void,
) {
  return {
    ...brandHandlers(switches, rebranded),
    ...colleagueHandlers(switches),
    ...noticeHandlers(switches),
    ...permissionHandlers(switches),
    ...secondFactorHandlers(switches),
    ...sessionHandlers(switches),
    ...settingsHandlers(switches),
    ...statisticsHandlers(switches, plans, resellers),
  };
}
