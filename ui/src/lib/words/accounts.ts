import Archive from "@lucide/svelte/icons/archive";
import CalendarClock from "@lucide/svelte/icons/calendar-clock";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CirclePause from "@lucide/svelte/icons/circle-pause";
import Hourglass from "@lucide/svelte/icons/hourglass";
import UsersRound from "@lucide/svelte/icons/users-round";

import type { AccountActor } from "$lib/api/bindings/AccountActor";
import type { AccountEvent } from "$lib/api/bindings/AccountEvent";
import type { AccountFieldChange } from "$lib/api/bindings/AccountFieldChange";
import type { AccountRight } from "$lib/api/bindings/AccountRight";
import type { AccountsShow } from "$lib/api/bindings/AccountsShow";
import type { AccountStatus } from "$lib/api/bindings/AccountStatus";
import { formatIsoDay } from "$lib/format/day";
import { m } from "$lib/paraglide/messages";

import type { Mark } from "./states";

type Icon = Mark["icon"];

export const ACCOUNT_MARKS: Record<AccountStatus, Mark> = {
  active: { word: m.account_status_active, icon: CircleCheck as Icon, tone: "text-green" },
  expired: { word: m.account_status_expired, icon: Hourglass as Icon, tone: "text-amber" },
  suspended: { word: m.account_status_suspended, icon: CirclePause as Icon, tone: "text-red" },
  archived: { word: m.account_status_archived, icon: Archive as Icon, tone: "text-ink-3" },
};

/** Kinds of accounts that a person can list. */
export const SHOW_MARKS: Record<Exclude<AccountsShow, "all">, Mark> = {
  in_use: { word: m.show_in_use, icon: UsersRound as Icon, tone: "text-ink-2" },
  active: { ...ACCOUNT_MARKS.active, word: m.show_active },
  ending_soon: { word: m.show_ending_soon, icon: CalendarClock as Icon, tone: "text-amber" },
  expired: { ...ACCOUNT_MARKS.expired, word: m.show_expired },
  suspended: { ...ACCOUNT_MARKS.suspended, word: m.show_suspended },
  archived: { ...ACCOUNT_MARKS.archived, word: m.accounts_show_archived },
};

const ACTIONS: Record<string, () => string> = {
  "account.create": m.event_create,
  "account.extend": m.event_extend,
  "account.change_plan": m.event_change_plan,
  "account.edit": m.event_edit,
  "account.suspend": m.event_suspend,
  "account.activate": m.event_activate,
  "account.archive": m.event_archive,
  "account.transfer": m.event_transfer,
  "account.assign": m.event_assign,
  "account.reset_token": m.event_reset_token,
  "account.put_back": m.event_put_back,
  "code.redeem": m.event_code,
  "portal.adopt": m.event_adopt,
  "portal.box": m.event_box,
  "portal.box_outcome": m.event_box_outcome,
  "portal.direct_box": m.event_direct_box,
  "portal.reprovision": m.event_reprovision,
};

const ACTORS: Record<AccountActor, () => string> = {
  staff: m.actor_staff,
  member: m.actor_member,
  device: m.actor_device,
  customer: m.actor_customer,
  system: m.actor_system,
};

const FIELDS: Record<string, () => string> = {
  email: m.field_email,
  mac: m.field_mac,
  notes: m.field_notes,
  max_connections: m.field_max_connections,
  status: m.field_status,
  last_day: m.field_last_day,
  plan_name: m.field_plan_name,
};

/** What happened; repairs of a portal have many names, and all of them took its values. */
export function eventWord(event: AccountEvent): string {
  return ACTIONS[event.action]?.() ?? m.event_repair();
}

export function actorWord(event: AccountEvent): string {
  return event.by_name ?? ACTORS[event.by]();
}

function shown(field: string, value: string): string {
  if (field === "status") return ACCOUNT_MARKS[value as AccountStatus]?.word() ?? value;
  return field === "last_day" ? formatIsoDay(value) : value;
}

/** A change in words; fields that nobody would know are left out. */
export function changeWords({ field, before, after }: AccountFieldChange): string | undefined {
  const name = FIELDS[field]?.();
  if (!name) return undefined;
  const was = before === undefined ? undefined : shown(field, before);
  const is = after === undefined ? undefined : shown(field, after);
  if (was !== undefined && is !== undefined) return m.event_field({ field: name, before: was, after: is });
  if (is !== undefined) return m.event_field_set({ field: name, after: is });
  return was === undefined ? undefined : m.event_field_gone({ field: name, before: was });
}

/** Why something is not allowed and who can allow it; nothing where it is. */
export function rightWords(right: AccountRight, admin: boolean): string | undefined {
  if (right === "yes") return undefined;
  if (right === "not_this_shop") return m.right_shop();
  return admin ? m.right_role_admin() : m.right_role();
}
