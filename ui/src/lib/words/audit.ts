import { m } from "$lib/paraglide/messages";

const FAMILIES: Record<string, () => string> = {
  account: m.audit_family_account,
  application: m.audit_family_application,
  audit: m.audit_family_audit,
  backup: m.audit_family_backup,
  code: m.audit_family_code,
  credit_pack: m.audit_family_credit_pack,
  credits: m.audit_family_credits,
  device: m.audit_family_device,
  lease: m.audit_family_lease,
  lot: m.audit_family_lot,
  member: m.audit_family_member,
  offering: m.audit_family_offering,
  operator: m.audit_family_operator,
  order: m.ord_audit_family,
  payment: m.pay_audit_family,
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
  staff: m.audit_actor_staff,
  member: m.audit_actor_member,
  applicant: m.audit_actor_applicant,
  customer: m.audit_actor_customer,
  device: m.audit_actor_device,
  system: m.audit_actor_system,
};

function plain(name: string): string {
  return name.replaceAll("_", " ");
}

export function familyOf(action: string): string {
  return action.split(".")[0] ?? action;
}

/** A family that a newer Central brought is called by its own name. */
export function familyWord(family: string): string {
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
