import CircleCheck from "@lucide/svelte/icons/circle-check";
import CircleX from "@lucide/svelte/icons/circle-x";
import Hourglass from "@lucide/svelte/icons/hourglass";

import type { ApplicantKind } from "$lib/api/bindings/ApplicantKind";
import type { ApplicationState } from "$lib/api/bindings/ApplicationState";
import type { CommissionRate } from "$lib/api/bindings/CommissionRate";
import { formatPercent } from "$lib/format/percent";
import { m } from "$lib/paraglide/messages";

export const APPLICATION_MARKS: Record<
  ApplicationState,
  { icon: typeof CircleCheck; word: () => string; tone: string }
> = {
  pending: { icon: Hourglass, word: m.a_pending, tone: "text-amber" },
  approved: { icon: CircleCheck, word: m.a_approved, tone: "text-green" },
  rejected: { icon: CircleX, word: m.a_rejected, tone: "text-ink-3" },
};

export const APPLICATION_STATES = Object.keys(APPLICATION_MARKS) as ApplicationState[];

export const KIND_WORDS: Record<ApplicantKind, () => string> = {
  individual: m.a_individual,
  company: m.a_company,
};

export function rateWord(rate: CommissionRate): string {
  return rate.kind === "by_tier" ? m.rate_by_tier() : formatPercent(rate.basis_points);
}
