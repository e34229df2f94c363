import CircleCheck from "@lucide/svelte/icons/circle-check";
import CirclePause from "@lucide/svelte/icons/circle-pause";
import CircleSlash from "@lucide/svelte/icons/circle-slash";
import LoaderCircle from "@lucide/svelte/icons/loader-circle";
import TriangleAlert from "@lucide/svelte/icons/triangle-alert";

import type { CodeJob } from "$lib/api/bindings/CodeJob";
import type { CodeJobKind } from "$lib/api/bindings/CodeJobKind";
import type { CodeJobTrouble } from "$lib/api/bindings/CodeJobTrouble";
import type { Lot } from "$lib/api/bindings/Lot";
import type { LotChange } from "$lib/api/bindings/LotChange";
import type { LotPreview } from "$lib/api/bindings/LotPreview";
import { formatAmount, formatCount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

import type { Mark } from "./states";

type Icon = Mark["icon"];

const JOBS: Record<CodeJobKind, { word: () => string; done: (inputs: { count: string }) => string }> = {
  make_lot: { word: m.code_job_make_lot, done: m.code_job_done_make_lot },
  allocate_codes: { word: m.code_job_allocate_codes, done: m.code_job_done_allocate_codes },
  hold_codes: { word: m.code_job_hold_codes, done: m.code_job_done_hold_codes },
  release_codes: { word: m.code_job_release_codes, done: m.code_job_done_release_codes },
  void_codes: { word: m.code_job_void_codes, done: m.code_job_done_void_codes },
  revoke_codes: { word: m.code_job_revoke_codes, done: m.code_job_done_revoke_codes },
};

export function codeJobWord(kind: CodeJobKind): string {
  return JOBS[kind].word();
}

/** "9,400 voided, 600 left as they were". */
export function codeJobResult(job: CodeJob): string {
  const done = JOBS[job.kind].done({ count: formatCount(job.changed) });
  return job.refused > 0 ? `${done}, ${m.code_job_refused({ count: formatCount(job.refused) })}` : done;
}

const TROUBLES: Partial<Record<string, () => string>> = {
  insufficient_credit: m.code_job_short,
  reseller_suspended: m.code_job_suspended,
};

/** What stands in a job's way and what to do. */
export function troubleWords(trouble: CodeJobTrouble): string {
  return (TROUBLES[trouble.code] ?? m.code_job_fault)();
}

export const CHANGES: Record<
  LotChange,
  { word: () => string; text: () => string; confirm: (inputs: { count: number; text: string }) => string }
> = {
  hold: { word: m.change_hold, text: m.change_hold_text, confirm: m.change_do_hold },
  release: { word: m.change_release, text: m.change_release_text, confirm: m.change_do_release },
  void: { word: m.change_void, text: m.change_void_text, confirm: m.change_do_void },
  revoke: { word: m.change_revoke, text: m.change_revoke_text, confirm: m.change_do_revoke },
};

export const ALL_CHANGES = Object.keys(CHANGES) as LotChange[];

/** What can be done to a lot's codes: nobody can use those that the operator keeps, and nothing goes back for them. */
export function changesOf(lot: Pick<Lot, "reseller_id">): LotChange[] {
  return lot.reseller_id === undefined ? ["revoke"] : ALL_CHANGES;
}

/** Jobs that bring a lot its codes. */
const FILLS = new Set<CodeJobKind>(["make_lot", "allocate_codes"]);

/** Whose codes they are: a reseller's, or nobody's yet. */
export function ownerWords(lot: Pick<Lot, "reseller_id" | "company">): string {
  return lot.reseller_id === undefined ? m.lot_kept() : lot.company;
}

/** Where a lot stands, in the list. */
export function lotMark(lot: Pick<Lot, "made" | "ordered" | "job">): Mark {
  const { job } = lot;
  if (job?.state === "running")
    return {
      word: FILLS.has(job.kind) ? m.lot_mark_making : m.lot_mark_working,
      icon: LoaderCircle as Icon,
      tone: "text-blue",
    };
  if (job?.state === "failed")
    return { word: m.lot_mark_failed, icon: TriangleAlert as Icon, tone: "text-red" };
  if (lot.made < lot.ordered) return { word: m.lot_mark_part, icon: CircleSlash as Icon, tone: "text-amber" };
  return { word: m.lot_mark_whole, icon: CircleCheck as Icon, tone: "text-green" };
}

/** Of a job that is over. */
export const JOB_ENDS: Record<"done" | "cancelled" | "failed", Mark> = {
  done: { word: m.job_finished, icon: CircleCheck as Icon, tone: "text-green" },
  cancelled: { word: m.job_cancelled, icon: CirclePause as Icon, tone: "text-ink-3" },
  failed: { word: m.code_job_stopped, icon: TriangleAlert as Icon, tone: "text-red" },
};

/** "500 × 30 credits = 15,000 credits. Then 2,100 credits are in the wallet." */
export function costWords(preview: LotPreview): string {
  const sum = m.lot_cost_sum({
    count: formatCount(preview.count),
    cost: formatAmount(preview.cost),
    total: formatAmount(preview.total),
  });
  if (!preview.refusal) return `${sum} ${m.lot_cost_after({ after: formatAmount(preview.after) })}`;
  const why =
    preview.refusal.code === "insufficient_credit"
      ? m.lot_cost_short({ available: formatAmount(preview.available) })
      : m.lot_cost_refused({ detail: preview.refusal.detail });
  return `${sum} ${why}`;
}

/** `000123-0007`, as Central writes it. */
export function serialOf(number: string, seq: number): string {
  return `${number}-${String(seq).padStart(4, "0")}`;
}

/** The ranges that a lot's files have: whole where it fits into one. */
export function fileRanges(last: number, most: number, first = 1): { from: number; to: number }[] {
  const ranges = [];
  for (let from = first; from <= last; from += most)
    ranges.push({ from, to: Math.min(last, from + most - 1) });
  return ranges;
}
