import type { MemberRole } from "$lib/api/bindings/MemberRole";
import { m } from "$lib/paraglide/messages";

export const MEMBER_ROLES: Record<MemberRole, { word: () => string; help: () => string }> = {
  owner: { word: m.member_owner, help: m.member_role_owner_help },
  clerk: { word: m.member_clerk, help: m.member_role_clerk_help },
  field_agent: { word: m.member_field_agent, help: m.member_role_field_agent_help },
};
