import type { StaffRole } from "$lib/api/bindings/StaffRole";
import { m } from "$lib/paraglide/messages";

export const STAFF_ROLES: Record<StaffRole, { word: () => string; help: () => string }> = {
  super_admin: { word: m.staff_role_super_admin, help: m.staff_role_super_admin_help },
  admin: { word: m.staff_role_admin, help: m.staff_role_admin_help },
  finance: { word: m.staff_role_finance, help: m.staff_role_finance_help },
  support: { word: m.staff_role_support, help: m.staff_role_support_help },
  auditor: { word: m.staff_role_auditor, help: m.staff_role_auditor_help },
};
