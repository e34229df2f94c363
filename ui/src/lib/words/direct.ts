import type { DriftKind } from "$lib/api/bindings/DriftKind";
import type { DriftRow } from "$lib/api/bindings/DriftRow";
import { m } from "$lib/paraglide/messages";

import type { EventKind } from "./boxes";
import type { OwnerNames } from "./drift";

/** What a computer does to a box by itself, beside a message: what frees a box needs Central. */
export const DIRECT_EVENTS = [
  "reboot",
  "reload_portal",
  "update_channels",
  "cut_off",
] as const satisfies readonly EventKind[];

/** What this computer can tell apart: which accounts are linked, only Central knows. */
export const DIRECT_KINDS = ["differs", "missing", "unknown"] as const satisfies readonly DriftKind[];
export type DirectKind = (typeof DIRECT_KINDS)[number];

/** What is known here of Counterfoil's side says less than what Central knows. */
export const DIRECT_TEXTS: Record<DirectKind, () => string> = {
  differs: m.drift_differs_text,
  missing: m.direct_missing_text,
  unknown: m.direct_unknown_text,
};

const OLD_MS = 24 * 3_600_000;

/** Whether what was taken along is of yesterday or before: much may have been sold since. */
export function isOld(takenAt: number, now: number): boolean {
  return now - takenAt > OLD_MS;
}

/** Companies by the number they have on the portal, as far as the accounts at hand tell: Central cannot be asked. */
export function ownersFrom(rows: Pick<DriftRow, "fields" | "reseller_company">[]): OwnerNames {
  return new Map(
    rows.flatMap(({ fields, reseller_company }) => {
      const number = fields.find((one) => one.field === "owner")?.central;
      return number === undefined || reseller_company === undefined
        ? []
        : [[number, reseller_company] as const];
    }),
  );
}
