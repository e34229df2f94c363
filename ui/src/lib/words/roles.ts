import { m } from "$lib/paraglide/messages";

const ROLES: Record<string, () => string> = {
  owner: m.role_owner,
  clerk: m.role_clerk,
  field_agent: m.role_field_agent,
  super_admin: m.role_super_admin,
  admin: m.role_admin,
  finance: m.role_finance,
  support: m.role_support,
  auditor: m.role_auditor,
};

/** The role in words; a role this version does not know is shown as it is named. */
export function roleWord(role: string): string {
  return ROLES[role]?.() ?? role.replaceAll("_", " ");
}
