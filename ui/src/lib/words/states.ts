import Archive from "@lucide/svelte/icons/archive";
import Ban from "@lucide/svelte/icons/ban";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CircleDashed from "@lucide/svelte/icons/circle-dashed";
import CirclePause from "@lucide/svelte/icons/circle-pause";
import CircleX from "@lucide/svelte/icons/circle-x";
import Hourglass from "@lucide/svelte/icons/hourglass";
import Package from "@lucide/svelte/icons/package";
import Tag from "@lucide/svelte/icons/tag";
import type { Component } from "svelte";

import type { CodeState } from "$lib/api/bindings/CodeState";
import { m } from "$lib/paraglide/messages";

/** Icon, word and tone of a state: never colour alone. */
export interface Mark {
  word: () => string;
  // The icon's own props are all optional.
  icon: Component<{ class?: string; "aria-hidden"?: "true" }>;
  tone: string;
}

type Icon = Mark["icon"];

export const STATE_MARKS: Record<CodeState, Mark> = {
  generated: { word: m.state_generated, icon: CircleDashed as Icon, tone: "text-ink-3" },
  allocated: { word: m.state_allocated, icon: Package as Icon, tone: "text-ink-3" },
  leased: { word: m.state_leased, icon: Archive as Icon, tone: "text-blue" },
  sold: { word: m.state_sold, icon: Tag as Icon, tone: "text-blue" },
  activated: { word: m.state_activated, icon: CircleCheck as Icon, tone: "text-green" },
  held: { word: m.state_held, icon: CirclePause as Icon, tone: "text-amber" },
  expired: { word: m.state_expired, icon: Hourglass as Icon, tone: "text-ink-3" },
  revoked: { word: m.state_revoked, icon: CircleX as Icon, tone: "text-red" },
  voided: { word: m.state_voided, icon: Ban as Icon, tone: "text-ink-3" },
};

export const ALL_STATES = Object.keys(STATE_MARKS) as CodeState[];

/** What older systems call unused. */
export const UNUSED_STATES: readonly CodeState[] = ["generated", "allocated", "leased", "sold"];
