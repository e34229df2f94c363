import { auditHandlers } from "./audit";
import { dashboardHandlers } from "./dashboard";
import { reportPageHandlers } from "./reportPages";
import type { Switches } from "./switches";

/** What is read of what was done. */
export function reportHandlers(switches: () => Switches) {
  return { ...auditHandlers(switches), ...dashboardHandlers(switches), ...reportPageHandlers(switches) };
}
