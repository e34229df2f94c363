import type { AuditRow } from "$lib/api/bindings/AuditRow";
import { m } from "$lib/paraglide/messages";

const FAMILIES: Record<string, () => string> = {
  account: m.audit_family_account,
  api_key: m.audit_family_api_key,
  application: m.audit_family_application,
  audit: m.audit_family_audit,
  backup: m.audit_family_backup,
  code: m.audit_family_code,
  credit_pack: m.audit_family_credit_pack,
  credits: m.audit_family_credits,
  device: m.audit_family_device,
  lease: m.audit_family_lease,
  earning: m.log_family_earning,
  lot: m.audit_family_lot,
  member: m.audit_family_member,
  notices: m.log_family_notices,
  offering: m.audit_family_offering,
  operator: m.audit_family_operator,
  order: m.ord_audit_family,
  payment: m.pay_audit_family,
  payout: m.log_family_payout,
  permission_template: m.audit_family_permission_template,
  permissions: m.audit_family_permissions,
  plan: m.audit_family_plan,
  portal: m.audit_family_portal,
  provider: m.audit_family_provider,
  relationship: m.audit_family_relationship,
  reseller: m.audit_family_reseller,
  sample_data: m.audit_family_sample_data,
  second_factor: m.audit_family_second_factor,
  sending: m.audit_family_sending,
  session: m.audit_family_session,
  staff: m.audit_family_staff,
  top_up: m.audit_family_top_up,
};

const ACTORS: Record<string, () => string> = {
  operator: m.log_by_operator,
  reseller: m.log_by_reseller,
  staff: m.audit_actor_staff,
  member: m.audit_actor_member,
  api_key: m.audit_actor_api_key,
  applicant: m.audit_actor_applicant,
  customer: m.audit_actor_customer,
  device: m.audit_actor_device,
  system: m.audit_actor_system,
};

function plain(name: string): string {
  return name.replaceAll("_", " ");
}

function familyOf(action: string): string {
  return action.split(".")[0] ?? action;
}

/** A family that a newer Central brought is called by its own name. */
function familyWord(family: string): string {
  return FAMILIES[family]?.() ?? plain(family);
}

/** "Account: reset token" */
export function actionWord(action: string): string {
  const [family = action, ...verb] = action.split(".");
  return verb.length === 0
    ? familyWord(family)
    : m.audit_action_of({ family: familyWord(family), verb: plain(verb.join(" ")) });
}

export function actorWord(actor: string, name: string | undefined): string {
  if (actor === "api_key" && name) return m.audit_actor_api_key_named({ name });
  return name ?? ACTORS[actor]?.() ?? plain(actor);
}

/** What a list may be narrowed to: each family with more than one action as a whole, then its actions. */
export function actionOptions(actions: string[]): { value: string; label: string }[] {
  const families = [...new Set(actions.map(familyOf))].sort((one, other) =>
    familyWord(one).localeCompare(familyWord(other)),
  );
  const of = (family: string) => {
    const own = actions.filter((action) => familyOf(action) === family);
    const each = own.map((action) => ({ value: action, label: actionWord(action) }));
    return own.length > 1
      ? [{ value: family, label: m.audit_family_all({ family: familyWord(family) }) }, ...each]
      : each;
  };
  return [{ value: "", label: m.audit_action_all() }, ...families.flatMap(of)];
}

/** What a reseller's log may be narrowed to. Central has more families than these; none of them is about a reseller. */
const LOG_FAMILIES = [
  "account",
  "code",
  "credits",
  "device",
  "earning",
  "lease",
  "lot",
  "member",
  "notices",
  "order",
  "payment",
  "payout",
  "permissions",
  "portal",
  "relationship",
  "reseller",
  "second_factor",
  "session",
  "top_up",
];

export function logOptions(): { value: string; label: string }[] {
  const families = LOG_FAMILIES.map((value) => ({ value, label: familyWord(value) }));
  families.sort((one, other) => one.label.localeCompare(other.label));
  return [{ value: "", label: m.audit_action_all() }, ...families];
}

/** Somebody outside of the reseller did it: what it was is told only where the reseller sees that anyway. */
export function isHidden(row: Pick<AuditRow, "actor" | "changes">): boolean {
  return (row.actor === "operator" || row.actor === "reseller") && row.changes.length === 0;
}
