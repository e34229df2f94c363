import Ban from "@lucide/svelte/icons/ban";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CircleQuestionMark from "@lucide/svelte/icons/circle-question-mark";
import CircleSlash from "@lucide/svelte/icons/circle-slash";
import Hourglass from "@lucide/svelte/icons/hourglass";
import Link2Off from "@lucide/svelte/icons/link-2-off";
import NotEqual from "@lucide/svelte/icons/equal-not";
import TriangleAlert from "@lucide/svelte/icons/triangle-alert";
import Unplug from "@lucide/svelte/icons/unplug";

import type { DriftField } from "$lib/api/bindings/DriftField";
import type { DriftKind } from "$lib/api/bindings/DriftKind";
import type { DriftRow } from "$lib/api/bindings/DriftRow";
import type { FieldDrift } from "$lib/api/bindings/FieldDrift";
import type { JobPhase } from "$lib/api/bindings/JobPhase";
import type { JobQuestion } from "$lib/api/bindings/JobQuestion";
import type { JobState } from "$lib/api/bindings/JobState";
import type { Moved } from "$lib/api/bindings/Moved";
import type { Oddities } from "$lib/api/bindings/Oddities";
import type { PortalJob } from "$lib/api/bindings/PortalJob";
import type { PortalJobKind } from "$lib/api/bindings/PortalJobKind";
import type { RepairChange } from "$lib/api/bindings/RepairChange";
import type { RepairDirection } from "$lib/api/bindings/RepairDirection";
import type { RepairPreview } from "$lib/api/bindings/RepairPreview";
import type { RepairRefusal } from "$lib/api/bindings/RepairRefusal";
import { formatCount } from "$lib/format/amount";
import { formatDate, lastDayOf } from "$lib/format/day";
import { m } from "$lib/paraglide/messages";

import type { Mark } from "./states";

type Icon = Mark["icon"];
type Word = () => string;

/** In the order in which they are listed. */
export const KIND_MARKS: Record<DriftKind, Mark & { text: Word }> = {
  differs: { word: m.drift_differs, text: m.drift_differs_text, icon: NotEqual as Icon, tone: "text-amber" },
  missing: { word: m.drift_missing, text: m.drift_missing_text, icon: Unplug as Icon, tone: "text-red" },
  unlinked: {
    word: m.drift_unlinked,
    text: m.drift_unlinked_text,
    icon: Link2Off as Icon,
    tone: "text-amber",
  },
  unknown: {
    word: m.drift_unknown,
    text: m.drift_unknown_text,
    icon: CircleQuestionMark as Icon,
    tone: "text-blue",
  },
};

export const DRIFT_KINDS = Object.keys(KIND_MARKS) as DriftKind[];

const MOVED: Record<Moved, Word> = {
  portal: m.moved_portal,
  central: m.moved_central,
  both: m.moved_both,
  unknown: m.moved_unknown,
};

export function movedWord(moved: Moved): string {
  return MOVED[moved]();
}

/** Where an account was changed, over all of its fields. */
export function movedLine(row: Pick<DriftRow, "fields">): string {
  const known = new Set(row.fields.map((one) => one.moved).filter((moved) => moved !== "unknown"));
  const [first] = known;
  if (first === undefined) return row.fields.length ? m.moved_unknown() : "";
  return movedWord(known.size === 1 ? first : "both");
}

const COMPARED: Record<DriftField, Word> = {
  enabled: m.compared_enabled,
  end_date: m.compared_end_date,
  tariff: m.compared_tariff,
  owner: m.compared_owner,
};

export function comparedWord(field: DriftField): string {
  return COMPARED[field]();
}

/** Companies by the number that a portal gave them. */
export type OwnerNames = ReadonlyMap<string, string>;

const VALUES: Record<DriftField, (value: string, owners: OwnerNames) => string> = {
  enabled: (value) => (value === "on" ? m.value_on() : value === "off" ? m.value_off() : value),
  end_date: (value) => {
    const day = lastDayOf(value);
    return day === undefined ? value : formatDate(day);
  },
  tariff: (value) => value,
  // A portal that names nobody may say so with a zero.
  owner: (value, owners) =>
    value === "0" ? m.value_nobody() : (owners.get(value) ?? m.value_owner_number({ number: value })),
};

const NONE: Record<DriftField, Word> = {
  enabled: m.value_not_shown,
  end_date: m.value_no_end,
  tariff: m.value_no_tariff,
  owner: m.value_nobody,
};

/** A value of a portal as people read it. */
export function valueWord(field: DriftField, value: string | undefined, owners: OwnerNames): string {
  return value === undefined ? NONE[field]() : VALUES[field](value, owners);
}

/** What both sides had, which may have been nothing; or that they never agreed. */
export function agreedWord({ field, agreed, moved }: FieldDrift, owners: OwnerNames): string {
  if (agreed === undefined && moved === "unknown") return m.drift_never_agreed();
  return valueWord(field, agreed, owners);
}

const DIRECTIONS: Record<
  RepairDirection,
  Record<DriftKind, { word: Word; text: Word; possible: boolean }>
> = {
  portal: {
    differs: { word: m.repair_portal_differs, text: m.repair_portal_differs_text, possible: true },
    missing: { word: m.repair_portal_missing, text: m.repair_portal_missing_text, possible: true },
    unlinked: { word: m.repair_portal_unlinked, text: m.repair_portal_unlinked_text, possible: true },
    unknown: { word: m.repair_portal_unknown, text: m.repair_portal_unknown_text, possible: false },
  },
  central: {
    differs: { word: m.repair_central_differs, text: m.repair_central_differs_text, possible: true },
    missing: { word: m.repair_central_missing, text: m.repair_central_missing_text, possible: false },
    unlinked: { word: m.repair_central_unlinked, text: m.repair_central_unlinked_text, possible: true },
    unknown: { word: m.repair_central_unknown, text: m.repair_central_unknown_text, possible: true },
  },
};

export function directionWords(toward: RepairDirection, kind: DriftKind) {
  const { word, text, possible } = DIRECTIONS[toward][kind];
  return { word: word(), text: text(), possible };
}

const CHANGES: Record<RepairChange, Word> = {
  switch_on: m.change_switch_on,
  switch_off: m.change_switch_off,
  end_date: m.change_end_date,
  tariff: m.change_tariff,
  owner: m.change_owner,
  create: m.change_create,
  link: m.change_link,
  take_in: m.change_take_in,
};

export function changeWord(change: RepairChange): string {
  return CHANGES[change]();
}

const REFUSALS: Record<RepairRefusal, Word> = {
  not_ours: m.refusal_not_ours,
  not_there: m.refusal_not_there,
  not_addressable: m.refusal_not_addressable,
  shared: m.refusal_shared,
  no_plan: m.refusal_no_plan,
  owner_unknown: m.refusal_owner_unknown,
  nobody_named: m.refusal_nobody_named,
  unreadable: m.refusal_unreadable,
  name_unfit: m.refusal_name_unfit,
  name_taken: m.refusal_name_taken,
  changed: m.refusal_changed,
};

export function refusalWord(refusal: RepairRefusal): string {
  return REFUSALS[refusal]();
}

const JOBS: Record<PortalJobKind, Word> = {
  sync_changes: m.job_sync_changes,
  sync_everything: m.job_sync_everything,
  repair_portal: m.job_repair_portal,
  repair_central: m.job_repair_central,
  push_assignments: m.job_push_assignments,
  undo: m.job_undo,
};

export function jobWord(kind: PortalJobKind): string {
  return JOBS[kind]();
}

export const JOB_MARKS: Record<JobState, Mark> = {
  running: { word: m.job_running, icon: Hourglass as Icon, tone: "text-blue" },
  asking: { word: m.job_asking, icon: TriangleAlert as Icon, tone: "text-amber" },
  done: { word: m.job_finished, icon: CircleCheck as Icon, tone: "text-green" },
  cancelled: { word: m.job_cancelled, icon: CircleSlash as Icon, tone: "text-ink-2" },
  failed: { word: m.job_failed, icon: Ban as Icon, tone: "text-red" },
};

const PHASES: Record<JobPhase, Word> = {
  listing: m.phase_listing,
  details: m.phase_details,
  comparing: m.phase_comparing,
  repairing: m.phase_repairing,
};

export function phaseWord(phase: JobPhase): string {
  return PHASES[phase]();
}

export function looks(kind: PortalJobKind): boolean {
  return kind === "sync_changes" || kind === "sync_everything";
}

/** What came of a job, as far as it went. */
export function resultLine(job: Pick<PortalJob, "kind" | "state" | "changed" | "refused">): string {
  if (looks(job.kind)) {
    if (job.state !== "done") return "";
    return job.changed === 0 ? m.job_found_none() : m.job_found({ count: formatCount(job.changed) });
  }
  if (job.kind === "push_assignments") return m.job_pushed({ count: formatCount(job.changed) });
  const parts = [m.job_changed({ count: formatCount(job.changed) })];
  if (job.refused > 0) parts.push(m.job_refused({ count: formatCount(job.refused) }));
  return parts.join(", ");
}

const QUESTIONS: Record<
  JobQuestion,
  {
    title: (inputs: { count: string }) => string;
    text: (inputs: { count: string; of: string }) => string;
    yes: Word;
  }
> = {
  accounts_vanish: {
    title: m.question_accounts_title,
    text: m.question_accounts_text,
    yes: m.question_accounts_yes,
  },
  owners_vanish: { title: m.question_owners_title, text: m.question_owners_text, yes: m.question_owners_yes },
};

export function questionWords(about: JobQuestion, accounts: number, of: number) {
  const { title, text, yes } = QUESTIONS[about];
  const count = formatCount(accounts);
  return { title: title({ count }), text: text({ count, of: formatCount(of) }), yes: yes() };
}

const ODD: Record<string, Word> = {
  unaddressable: m.odd_unaddressable,
  odd_login: m.odd_odd_login,
  misspelt_mac: m.odd_misspelt_mac,
  junk_mac: m.odd_junk_mac,
};

/** What is odd about an account; what this version does not know is shown as it is named. */
export function oddWord(why: string): string {
  const known = Object.hasOwn(ODD, why) ? ODD[why]?.() : undefined;
  return known ?? why.replaceAll("_", " ");
}

const ACCOUNT_STATUSES: Record<string, Word> = {
  active: m.account_status_active,
  expired: m.account_status_expired,
  suspended: m.account_status_suspended,
  archived: m.account_status_archived,
};

export function accountStatusWord(status: string): string {
  return Object.hasOwn(ACCOUNT_STATUSES, status) ? ACCOUNT_STATUSES[status]!() : status;
}

/** Everything odd on a portal, counted as it is named. */
export function oddCount(odd: Oddities): number {
  return (
    odd.ghosts +
    odd.unreadable +
    odd.shared_logins.count +
    odd.shared_numbers.count +
    odd.shared_macs.count +
    odd.odd_count
  );
}

/** What is about to happen, in whole sentences: how much, what stays, and whether it can be undone. */
export function repairSentence(toward: RepairDirection, preview: RepairPreview, portal: string): string {
  const count = formatCount(preview.repaired);
  const left = preview.accounts - preview.repaired;
  const lost = preview.not_undoable;
  return [
    toward === "portal"
      ? m.repair_sentence_portal({ count, portal })
      : m.repair_sentence_central({ count, portal }),
    left > 0 ? m.repair_sentence_refused({ count: formatCount(left) }) : "",
    lost === 0
      ? m.repair_sentence_undo()
      : lost >= preview.repaired
        ? m.repair_sentence_undo_none()
        : m.repair_sentence_undo_some({ count: formatCount(lost) }),
  ]
    .filter(Boolean)
    .join(" ");
}
