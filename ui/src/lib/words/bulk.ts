import Ban from "@lucide/svelte/icons/ban";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CircleDashed from "@lucide/svelte/icons/circle-dashed";
import CirclePause from "@lucide/svelte/icons/circle-pause";
import Eye from "@lucide/svelte/icons/eye";
import FileUp from "@lucide/svelte/icons/file-up";
import LoaderCircle from "@lucide/svelte/icons/loader-circle";
import Lock from "@lucide/svelte/icons/lock";
import TriangleAlert from "@lucide/svelte/icons/triangle-alert";
import Undo2 from "@lucide/svelte/icons/undo-2";

import type { AmountView } from "$lib/api/bindings/AmountView";
import type { Bulk } from "$lib/api/bindings/Bulk";
import type { BulkLine } from "$lib/api/bindings/BulkLine";
import type { BulkMove } from "$lib/api/bindings/BulkMove";
import type { BulkOperation } from "$lib/api/bindings/BulkOperation";
import type { BulkRefusal } from "$lib/api/bindings/BulkRefusal";
import type { BulkRowState } from "$lib/api/bindings/BulkRowState";
import type { BulkState } from "$lib/api/bindings/BulkState";
import type { PlanView } from "$lib/api/bindings/PlanView";
import { formatAmount, formatCount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

import type { Mark } from "./states";

type Icon = Mark["icon"];

export type BulkKind = BulkOperation["kind"];

/** A column of a file that accounts are created from. */
export type Column = Exclude<keyof BulkLine, "line">;

export const BULK_KINDS: Record<BulkKind, { word: () => string; help: () => string }> = {
  extend: { word: m.bulk_extend, help: m.bulk_extend_help },
  suspend: { word: m.bulk_suspend, help: m.bulk_suspend_help },
  activate: { word: m.bulk_activate, help: m.bulk_activate_help },
  plan_change: { word: m.bulk_plan_change, help: m.bulk_plan_change_help },
  transfer: { word: m.bulk_transfer, help: m.bulk_transfer_help },
  create: { word: m.bulk_create, help: m.bulk_create_help },
};

export const BULK_STATES: Record<BulkState, Mark> = {
  receiving: { word: m.bulk_receiving, icon: FileUp as Icon, tone: "text-amber" },
  planning: { word: m.bulk_planning, icon: LoaderCircle as Icon, tone: "text-blue" },
  planned: { word: m.bulk_planned, icon: Eye as Icon, tone: "text-amber" },
  running: { word: m.bulk_running, icon: LoaderCircle as Icon, tone: "text-blue" },
  done: { word: m.bulk_done, icon: CircleCheck as Icon, tone: "text-green" },
  cancelled: { word: m.bulk_cancelled, icon: CirclePause as Icon, tone: "text-ink-3" },
  undoing: { word: m.bulk_undoing, icon: LoaderCircle as Icon, tone: "text-blue" },
  undone: { word: m.bulk_undone, icon: Undo2 as Icon, tone: "text-ink-3" },
  failed: { word: m.bulk_state_failed, icon: TriangleAlert as Icon, tone: "text-red" },
};

const ROW_STATES: Record<BulkRowState, Mark> = {
  waiting: { word: m.bulk_row_waiting, icon: CircleDashed as Icon, tone: "text-ink-3" },
  planned: { word: m.bulk_row_planned, icon: Eye as Icon, tone: "text-blue" },
  refused: { word: m.bulk_row_refused, icon: Ban as Icon, tone: "text-red" },
  done: { word: m.bulk_row_done, icon: CircleCheck as Icon, tone: "text-green" },
  undone: { word: m.bulk_row_undone, icon: Undo2 as Icon, tone: "text-ink-3" },
  kept: { word: m.bulk_row_kept, icon: Lock as Icon, tone: "text-amber" },
};

/** Whether somebody is at it. */
export function goesOn(state: BulkState): boolean {
  return state === "planning" || state === "running" || state === "undoing";
}

/** What can be taken back: everything but service that was given, to new accounts, too. */
export function canBeUndone(operation: BulkOperation): boolean {
  return operation.kind !== "extend" && operation.kind !== "create";
}

/** "Extend 41,210 accounts by 30 days". */
export function operationWords(operation: BulkOperation, count: number, plans: PlanView[]): string {
  const of = { count, text: formatCount(count) };
  if (operation.kind === "suspend") return m.bulk_of_suspend(of);
  if (operation.kind === "activate") return m.bulk_of_activate(of);
  if (operation.kind === "transfer") return m.bulk_of_transfer(of);
  if (operation.kind === "create") return m.bulk_of_create({ ...of, file: operation.file });
  if (operation.kind === "plan_change") {
    const to = plans.find((one) => one.plan_id === operation.plan_id);
    return to ? m.bulk_of_plan_change({ ...of, plan: to.name }) : m.bulk_of_other_plan(of);
  }
  const { service } = operation;
  if ("days" in service) return m.bulk_of_days({ ...of, days: m.days({ count: service.days }) });
  const plan = plans.find((one) => one.plan_id === service.plan);
  return plan ? m.bulk_of_named_plan({ ...of, plan: plan.name }) : m.bulk_of_plan(of);
}

function amounts(list: AmountView[]): string {
  return list.map((amount) => formatAmount(amount)).join(" + ");
}

function costs(cost: AmountView[]): string {
  return cost.length > 0 ? m.bulk_costs({ amount: amounts(cost) }) : m.bulk_costs_nothing();
}

/** What a person says yes to, all of it in one sentence. */
export function confirmWords(bulk: Bulk, plans: PlanView[]): string {
  const { operation, cost, planned, refused } = bulk;
  const parts = [operationWords(operation, planned, plans)];
  if (operation.kind === "extend") {
    if (operation.gift) parts.push(m.bulk_as_gift());
    else parts.push(costs(cost));
  }
  if (operation.kind === "plan_change") parts.push(m.bulk_days_stay());
  if (operation.kind === "create") {
    parts.push(costs(cost));
    if (operation.gift) parts.push(m.bulk_gifts());
  }
  if (refused > 0) parts.push(m.bulk_refused_count({ count: refused, text: formatCount(refused) }));
  if (operation.kind === "create") parts.push(m.bulk_create_cannot_undo());
  else parts.push(canBeUndone(operation) ? m.bulk_can_undo() : m.bulk_cannot_undo());
  return `${parts.join("; ")}.`;
}

/** Where another plan takes accounts, said before it is done. */
export function moveWords({ from, to, accounts }: BulkMove): string {
  const many = { count: accounts, text: formatCount(accounts), to };
  return from === undefined ? m.bulk_opens(many) : m.bulk_moves({ ...many, from });
}

/** "9,400 done, 600 refused. Paid: 282,000 credits." */
export function resultWords(bulk: Bulk): string {
  const sentences = [];
  // What is being put back was done before.
  const done = bulk.done + bulk.undone + bulk.kept;
  sentences.push(m.bulk_result({ done: formatCount(done), refused: formatCount(bulk.refused) }));
  if (bulk.undone + bulk.kept > 0) {
    sentences.push(m.bulk_undo_result({ undone: formatCount(bulk.undone), kept: formatCount(bulk.kept) }));
  }
  if (bulk.paid.length > 0) sentences.push(m.bulk_paid({ amount: amounts(bulk.paid) }));
  return `${sentences.join(". ")}.`;
}

/** How far it is, in what it is at. */
export function progressOf(bulk: Bulk): { done: number; total: number; words: string } {
  const of = (done: number, total: number) => ({ done: formatCount(done), total: formatCount(total) });
  if (bulk.state === "planning") {
    const words = bulk.counted
      ? m.bulk_tried_of(of(bulk.tried, bulk.total))
      : m.bulk_writing_down({ count: formatCount(bulk.total) });
    return { done: bulk.counted ? bulk.tried : 0, total: bulk.total, words };
  }
  if (bulk.state === "undoing") {
    const [back, total] = [bulk.undone + bulk.kept, bulk.undone + bulk.kept + bulk.done];
    return { done: back, total, words: m.bulk_undone_of(of(back, total)) };
  }
  const done = bulk.total - bulk.planned;
  return { done, total: bulk.total, words: m.bulk_done_of(of(done, bulk.total)) };
}

const COLUMN_WORDS: Record<Column, () => string> = {
  username: m.import_username,
  email: m.import_email,
  plan: m.import_plan,
  last_day: m.import_last_day,
  gift: m.import_gift,
  mac: m.import_mac,
  max_connections: m.import_max_connections,
  notes: m.import_notes,
  reseller: m.import_reseller,
};

/** What a column of a file is called; one that is not known keeps its name. */
export function columnWord(column: string): string {
  return COLUMN_WORDS[column as Column]?.() ?? column;
}

/** Where one account stands, in the words of what is done to it. */
export function rowMark(state: BulkRowState, kind: BulkKind): Mark {
  const mark = ROW_STATES[state];
  if (kind !== "create" || (state !== "planned" && state !== "done")) return mark;
  return { ...mark, word: state === "planned" ? m.bulk_row_to_create : m.bulk_row_created };
}

/** Why an account is not changed. What it needs and what there is, where that is it. */
export function refusalWords({ code, detail, needed, available, columns }: BulkRefusal): string {
  if (columns) return `${columns.map(columnWord).join(", ")}: ${detail}`;
  if (code !== "insufficient_credit" || !needed || !available) return detail;
  return m.error_insufficient_credit_what({
    needed: formatAmount(needed),
    available: formatAmount(available),
  });
}
