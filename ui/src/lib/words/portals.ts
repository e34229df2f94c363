import Archive from "@lucide/svelte/icons/archive";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CirclePause from "@lucide/svelte/icons/circle-pause";
import CircleQuestionMark from "@lucide/svelte/icons/circle-question-mark";
import Hourglass from "@lucide/svelte/icons/hourglass";
import TriangleAlert from "@lucide/svelte/icons/triangle-alert";

import type { OwnerField } from "$lib/api/bindings/OwnerField";
import type { PortalFindings } from "$lib/api/bindings/PortalFindings";
import type { PortalGeneration } from "$lib/api/bindings/PortalGeneration";
import type { PortalStatus } from "$lib/api/bindings/PortalStatus";
import type { PortalView } from "$lib/api/bindings/PortalView";
import type { PortalWarning } from "$lib/api/bindings/PortalWarning";
import type { ProvisioningState } from "$lib/api/bindings/ProvisioningState";
import { m } from "$lib/paraglide/messages";

import type { Mark } from "./states";

type Icon = Mark["icon"];

export type PortalState = "serving" | "paused" | "trouble" | "unseen" | "archived";

/** What a person decided comes first, then what stands in the way of writing. */
export function portalState(portal: Pick<PortalView, "status" | "trouble" | "found">): PortalState {
  if (portal.status === "archived") return "archived";
  if (portal.status === "paused") return "paused";
  if (portal.trouble) return "trouble";
  return portal.found ? "serving" : "unseen";
}

export const PORTAL_MARKS: Record<PortalState, Mark> = {
  serving: { word: m.portal_serving, icon: CircleCheck as Icon, tone: "text-green" },
  paused: { word: m.portal_paused, icon: CirclePause as Icon, tone: "text-amber" },
  trouble: { word: m.portal_troubled, icon: TriangleAlert as Icon, tone: "text-red" },
  unseen: { word: m.portal_unseen, icon: CircleQuestionMark as Icon, tone: "text-blue" },
  archived: { word: m.portal_archived, icon: Archive as Icon, tone: "text-ink-3" },
};

/** What a state means for accounts, where it is not plain. */
export const PORTAL_MEANINGS: Partial<Record<PortalState, () => string>> = {
  paused: m.portal_paused_text,
  unseen: m.portal_unseen_text,
  archived: m.portal_archived_text,
};

export const STATUS_CHOICES: Record<PortalStatus, () => string> = {
  active: m.portal_status_active,
  paused: m.portal_status_paused,
  archived: m.portal_status_archived,
};

/** In the order in which they are listed: what needs a person first. */
export const ACCOUNT_MARKS: Record<ProvisioningState, Mark> = {
  attention: { word: m.account_attention, icon: TriangleAlert as Icon, tone: "text-red" },
  waiting: { word: m.account_waiting, icon: Hourglass as Icon, tone: "text-amber" },
  agreed: { word: m.account_agreed, icon: CircleCheck as Icon, tone: "text-green" },
};

export const ACCOUNT_STATES = Object.keys(ACCOUNT_MARKS) as ProvisioningState[];

const GENERATIONS: Record<PortalGeneration, () => string> = {
  stalker_4: m.found_stalker,
  ministra_5: m.found_ministra,
};

const OWNERS: Record<OwnerField, () => string> = {
  unknown: m.found_owner_unknown,
  none: m.found_owner_none,
  reseller_id: m.found_owner_reseller_id,
  reseller: m.found_owner_reseller,
};

export function programWord({ generation }: PortalFindings): string {
  return generation ? GENERATIONS[generation]() : m.found_program_unknown();
}

export function ownerWords({ owner }: PortalFindings): string {
  return OWNERS[owner]();
}

export function endsWords({ internal_billing }: PortalFindings): string {
  if (internal_billing === undefined) return m.found_ends_unknown();
  return internal_billing ? m.found_ends_portal() : m.found_ends_counterfoil();
}

/** Whether the portal can carry who owns an account. */
export function holdsOwners(found: PortalFindings | undefined): boolean {
  return found?.owner === "reseller_id" || found?.owner === "reseller";
}

interface WarningWords {
  what: () => string;
  remedy: () => string;
  /** Whether it is a danger and not only something to know. */
  danger: boolean;
}

const WARNINGS: Record<PortalWarning, WarningWords> = {
  plain_http: { what: m.warning_plain_http, remedy: m.warning_plain_http_do, danger: true },
  no_authentication: {
    what: m.warning_no_authentication,
    remedy: m.warning_no_authentication_do,
    danger: true,
  },
  no_internal_billing: {
    what: m.warning_no_internal_billing,
    remedy: m.warning_no_internal_billing_do,
    danger: false,
  },
  no_accounts: { what: m.warning_no_accounts, remedy: m.warning_no_accounts_do, danger: false },
  list_fails: { what: m.warning_list_fails, remedy: m.warning_list_fails_do, danger: true },
};

/** A core newer than this page may know a warning it has no words for yet. */
export function warningWords(warning: string): { what: string; remedy: string; danger: boolean } {
  if (!Object.hasOwn(WARNINGS, warning))
    return { what: m.warning_unknown({ name: warning }), remedy: m.warning_unknown_do(), danger: true };
  const { what, remedy, danger } = WARNINGS[warning as PortalWarning];
  return { what: what(), remedy: remedy(), danger };
}

const FIELDS: Record<string, () => string> = {
  password: m.field_password,
  full_name: m.field_full_name,
  phone: m.field_phone,
  account_number: m.field_account_number,
  tariff: m.field_tariff,
  enabled: m.field_enabled,
  mac: m.field_mac,
  comment: m.field_comment,
  end_date: m.field_end_date,
  balance: m.field_balance,
  tariff_expired: m.field_tariff_expired,
  tariff_instead: m.field_tariff_instead,
  owner: m.field_owner,
};

/** A field of a portal's account in words; one this version does not know is shown as it is named. */
export function fieldWord(field: string): string {
  const known = Object.hasOwn(FIELDS, field) ? FIELDS[field]?.() : undefined;
  if (known) return known;
  const plain = field.replaceAll("_", " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** As `openssl x509 -fingerprint -sha256` writes it. */
export function fingerprint(sha256: string): string {
  const digits = sha256.replace(/[^0-9a-f]/gi, "").toUpperCase();
  return digits.match(/../g)?.join(":") ?? digits;
}
