import Ban from "@lucide/svelte/icons/ban";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import Hourglass from "@lucide/svelte/icons/hourglass";
import Send from "@lucide/svelte/icons/send";
import TriangleAlert from "@lucide/svelte/icons/triangle-alert";

import type { Addressees } from "$lib/api/bindings/Addressees";
import type { BoxAction } from "$lib/api/bindings/BoxAction";
import type { BoxAddress } from "$lib/api/bindings/BoxAddress";
import type { BoxOutcome } from "$lib/api/bindings/BoxOutcome";
import type { ReachView } from "$lib/api/bindings/ReachView";
import type { SendingState } from "$lib/api/bindings/SendingState";
import type { SendingView } from "$lib/api/bindings/SendingView";
import { formatCount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

import { ACCOUNT_MARKS } from "./portals";
import type { Mark } from "./states";

type Icon = Mark["icon"];

export type ActionKind = BoxAction["kind"];
export type ManyKind = Exclude<ActionKind, "sign_in_again" | "reset_device">;

interface ActionWords {
  name: () => string;
  /** What it does, and what it does not. */
  text: () => string;
}

export const ACTION_WORDS: Record<ActionKind, ActionWords> = {
  message: { name: m.action_message, text: m.action_message_text },
  reboot: { name: m.action_reboot, text: m.action_reboot_text },
  reload_portal: { name: m.action_reload_portal, text: m.action_reload_portal_text },
  update_channels: { name: m.action_update_channels, text: m.action_update_channels_text },
  cut_off: { name: m.action_cut_off, text: m.action_cut_off_text },
  subscribe: { name: m.action_subscribe, text: m.action_packages_text },
  unsubscribe: { name: m.action_unsubscribe, text: m.action_packages_text },
  sign_in_again: { name: m.action_sign_in_again, text: m.action_sign_in_again_text },
  reset_device: { name: m.action_reset_device, text: m.action_reset_device_text },
};

/** What can be sent to many: what frees a box is for one customer who asked for it. */
export const MANY_KINDS: ManyKind[] = [
  "message",
  "reboot",
  "reload_portal",
  "update_channels",
  "cut_off",
  "subscribe",
  "unsubscribe",
];

/** What is done to one box by a press of a button. */
export const EVENT_KINDS = [
  "reboot",
  "reload_portal",
  "update_channels",
  "cut_off",
  "sign_in_again",
  "reset_device",
] as const satisfies readonly ActionKind[];
export type EventKind = (typeof EVENT_KINDS)[number];

/** What is asked about before it is done to one box: it ends what somebody is watching, or cannot be taken back. */
export type AskedKind = "reboot" | "cut_off" | "sign_in_again" | "reset_device";
export const QUESTIONS: Record<
  AskedKind,
  { title: (inputs: { username: string }) => string; confirm: () => string }
> = {
  reboot: { title: m.action_reboot_title, confirm: m.action_reboot_confirm },
  cut_off: { title: m.action_cut_off_title, confirm: m.action_cut_off_confirm },
  sign_in_again: { title: m.action_sign_in_again_title, confirm: m.action_sign_in_again_confirm },
  reset_device: { title: m.action_reset_device_title, confirm: m.action_reset_device_confirm },
};

export const isAsked = (kind: ActionKind): kind is AskedKind => Object.hasOwn(QUESTIONS, kind);

export const isPackages = (kind: ActionKind): boolean => kind === "subscribe" || kind === "unsubscribe";

/** An action on one line: its name, and what it says or names. */
export function actionLine(action: BoxAction): string {
  const name = ACTION_WORDS[action.kind].name();
  if (action.kind === "message") return `${name}: ${action.text}`;
  if (action.kind === "subscribe" || action.kind === "unsubscribe")
    return `${name}: ${action.packages.join(", ")}`;
  return name;
}

/** A number for a sentence that depends on it, and as it is written. */
export function counted(count: number): { count: number; figure: string } {
  return { count, figure: formatCount(count) };
}

/** To whom; `name` is that of the plan or reseller, where it is known. */
export function addresseesLine(to: Addressees, name?: string): string {
  switch (to.kind) {
    case "these":
      return m.to_these(counted(to.accounts.length));
    case "state":
      return m.to_state({ state: ACCOUNT_MARKS[to.state].word() });
    case "reseller":
      return name ? m.to_reseller_named({ name }) : m.to_reseller();
    case "plan":
      return name ? m.to_plan_named({ name }) : m.to_plan();
    case "linked":
      return m.to_linked();
    case "everybody":
      return m.to_everybody();
  }
}

/** Why nothing is sent to a box; empty where something is. */
export function addressWords(address: BoxAddress, others: string[]): string {
  const words: Record<BoxAddress, () => string> = {
    usable: () => "",
    no_box: m.address_no_box,
    misspelt: m.address_misspelt,
    junk: m.address_junk,
    shared: () =>
      m.address_shared({ others: others.map((one) => one || m.why_shared_nameless()).join(", ") }),
    shared_login: m.address_shared_login,
  };
  return words[address]();
}

export function whyWords(why: BoxAddress, others: string[]): string {
  const words: Record<BoxAddress, () => string> = {
    usable: () => "",
    no_box: m.why_no_box,
    misspelt: m.why_misspelt,
    junk: m.why_junk,
    shared: () => m.why_shared({ others: others.map((one) => one || m.why_shared_nameless()).join(", ") }),
    shared_login: m.why_shared_login,
  };
  return words[why]();
}

export const OUTCOME_MARKS: Record<BoxOutcome, Mark> = {
  queued: { word: m.outcome_queued, icon: Hourglass as Icon, tone: "text-blue" },
  done: { word: m.outcome_done, icon: CircleCheck as Icon, tone: "text-green" },
  unknown: { word: m.outcome_unknown, icon: TriangleAlert as Icon, tone: "text-amber" },
};

export const SENDING_MARKS: Record<SendingState, Mark> = {
  waiting: { word: m.sending_waiting, icon: Hourglass as Icon, tone: "text-amber" },
  sending: { word: m.sending_sending, icon: Send as Icon, tone: "text-blue" },
  done: { word: m.sending_done, icon: CircleCheck as Icon, tone: "text-green" },
  cancelled: { word: m.sending_cancelled, icon: Ban as Icon, tone: "text-ink-3" },
  expired: { word: m.sending_expired, icon: TriangleAlert as Icon, tone: "text-red" },
};

type Counting = (inputs: { count: number; figure: string }) => string;

/** Who is not reached, one line for each reason that there is. */
export function leftOutLines(reach: ReachView): string[] {
  const lines: [number, Counting][] = [
    [reach.without_box, m.reach_without_box],
    [reach.unusable, m.reach_unusable],
    [reach.missing, m.reach_missing],
    [reach.not_linked, m.reach_not_linked],
  ];
  return lines.filter(([count]) => count > 0).map(([count, words]) => words(counted(count)));
}

/** What became of a sending, one line for each figure that there is. */
export function resultLines(sending: SendingView, unsent: number): string[] {
  const packages = isPackages(sending.what.kind);
  const over = sending.state !== "waiting" && sending.state !== "sending";
  const lines: [number, Counting][] = [
    [sending.served, packages ? m.sending_changed_count : m.sending_queued_count],
    [sending.unknown, m.sending_unknown_count],
    [sending.failed, m.sending_failed_count],
    [sending.skipped, m.sending_skipped_count],
    [over ? unsent : 0, m.sending_unsent_count],
    [over ? sending.reach.without_box : 0, m.sending_without_box],
  ];
  return lines.filter(([count]) => count > 0).map(([count, words]) => words(counted(count)));
}

export function progressLine(done: number, all: number): string {
  return m.sending_progress({ done: formatCount(done), all: formatCount(all) });
}
