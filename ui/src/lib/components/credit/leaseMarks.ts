import CircleCheck from "@lucide/svelte/icons/circle-check";
import CircleDot from "@lucide/svelte/icons/circle-dot";
import CircleX from "@lucide/svelte/icons/circle-x";
import Hourglass from "@lucide/svelte/icons/hourglass";

import type { LeaseState } from "$lib/api/bindings/LeaseState";
import { m } from "$lib/paraglide/messages";

const MARKS = {
  open: { word: m.lease_open, icon: CircleDot, tone: "text-blue" },
  closed: { word: m.lease_closed, icon: CircleCheck, tone: "text-ink-3" },
  revoked: { word: m.lease_revoked, icon: CircleX, tone: "text-red" },
  expired: { word: m.lease_expired, icon: Hourglass, tone: "text-ink-3" },
};

export function leaseMark(state: LeaseState) {
  return MARKS[state];
}
