import type { Permissions } from "../bindings/Permissions";
import type { PermissionTemplate } from "../bindings/PermissionTemplate";
import type { ResellerPermissions } from "../bindings/ResellerPermissions";
import type { Template } from "../bindings/Template";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { inventId } from "./invent";
import type { Switches } from "./switches";

const USUAL: Permissions = {
  grants: [
    "create_accounts",
    "edit_accounts",
    "extend_accounts",
    "reset_tokens",
    "view_accounts",
    "view_statistics",
    "view_connections",
  ],
  max_connections: 3,
};
const BUILT_IN: Record<Template, Permissions> = {
  basic: { ...USUAL, max_accounts: 500 },
  premium: {
    grants: [...USUAL.grants, "archive_accounts", "view_logs", "bulk_operations", "api_access", "branding"],
    max_connections: 10,
  },
  trial: {
    grants: ["view_accounts", "create_accounts", "extend_accounts"],
    max_accounts: 25,
    max_connections: 1,
  },
};

/** The fourth of the list is changed by somebody else whenever it is about to be saved for the first time. */
const BUSY = inventId(5, 3);

/** What resellers may do, and the templates. */
export function permissionHandlers(switches: () => Switches) {
  const templates = new Map<Template, PermissionTemplate>(
    (Object.keys(BUILT_IN) as Template[]).map((template) => [
      template,
      { template, version: 0, permissions: BUILT_IN[template] },
    ]),
  );
  const resellers = new Map<string, ResellerPermissions>();
  const mayChange = () => ["super_admin", "admin"].includes(switches().staff);

  function of(resellerId: string): ResellerPermissions {
    const known = resellers.get(resellerId) ?? {
      reseller_id: resellerId,
      version: 0,
      permissions: USUAL,
      may_change: mayChange(),
    };
    resellers.set(resellerId, known);
    return known;
  }

  return {
    reseller_permissions: ({ reseller_id }: Commands["reseller_permissions"]["args"]) => of(reseller_id),
    save_reseller_permissions: (asked: Commands["save_reseller_permissions"]["args"]) => {
      const { reseller_id, template, permissions } = asked;
      const before = of(reseller_id);
      if (reseller_id === BUSY && before.version === 0) {
        resellers.set(reseller_id, { ...before, version: 1, template: "trial", permissions: BUILT_IN.trial });
      }
      const version = of(reseller_id).version;
      if (version !== asked.version) {
        throw new CallError({ code: "conflict", detail: "Somebody changed these permissions meanwhile." });
      }
      const accounts =
        permissions.max_accounts === undefined ? {} : { accounts: Math.min(412, permissions.max_accounts) };
      const saved: ResellerPermissions = {
        reseller_id,
        version: version + 1,
        ...(template ? { template } : {}),
        permissions,
        ...accounts,
        may_change: mayChange(),
      };
      resellers.set(reseller_id, saved);
      return saved;
    },
    permission_templates: () => ({ templates: [...templates.values()], may_change: mayChange() }),
    save_permission_template: ({
      template,
      version,
      permissions,
    }: Commands["save_permission_template"]["args"]) => {
      if (templates.get(template)?.version !== version) {
        throw new CallError({ code: "conflict", detail: "Somebody changed this template meanwhile." });
      }
      const saved = { template, version: version + 1, permissions, changed_at: Date.now() };
      templates.set(template, saved);
      return saved;
    },
    own_permissions: () => ({ permissions: BUILT_IN.basic, accounts: 412 }),
  };
}
