import CircleCheck from "@lucide/svelte/icons/circle-check";
import CircleX from "@lucide/svelte/icons/circle-x";
import Hourglass from "@lucide/svelte/icons/hourglass";
import Undo2 from "@lucide/svelte/icons/undo-2";

import type { TopUpState } from "$lib/api/bindings/TopUpState";
import { m } from "$lib/paraglide/messages";

/** Icon, colour and word of each state of a request. */
export const TOP_UP_MARKS: Record<TopUpState, { icon: typeof Undo2; tone: string; word: () => string }> = {
  open: { icon: Hourglass, tone: "text-amber", word: m.request_open },
  approved: { icon: CircleCheck, tone: "text-green", word: m.request_approved },
  rejected: { icon: CircleX, tone: "text-red", word: m.request_rejected },
  cancelled: { icon: Undo2, tone: "text-ink-3", word: m.request_cancelled },
};

export const TOP_UP_STATES = Object.keys(TOP_UP_MARKS) as TopUpState[];
