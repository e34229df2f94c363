import type { MemberView } from "../bindings/MemberView";
import type { SaveMember } from "../bindings/SaveMember";
import { CallError } from "../error";
import { apiKeyHandlers } from "./apiKeys";
import { DAY, HOUR, inventId, LONG_NAME, NOW } from "./invent";
import type { Switches } from "./switches";

/** Who works for the shop. */
export class MockMembers {
  rows: MemberView[];

  constructor(empty: boolean, long: boolean) {
    const member = (
      index: number,
      username: string,
      role: MemberView["role"],
      active = true,
    ): MemberView => ({
      member_id: inventId(82, index),
      version: 1,
      username,
      role,
      active,
      principal: index === 0,
      created_at: NOW - (200 - index * 30) * DAY,
      last_login_at: index === 3 ? undefined : NOW - (index * 20 + 1) * HOUR,
    });
    const clerk = long
      ? LONG_NAME.toLowerCase()
          .replaceAll(/[^a-z]+/g, ".")
          .slice(0, 50)
      : "babak";
    this.rows = [member(0, "leila", "owner")];
    if (!empty) {
      this.rows.push(member(1, clerk, "clerk"), member(2, "chiara", "field_agent"));
      this.rows.push(member(3, "former.clerk", "clerk", false));
    }
  }

  save(form: SaveMember): MemberView {
    const taken = this.rows.find((row) => row.username === form.username && row.member_id !== form.member_id);
    if (taken) throw new CallError({ code: "username_taken", detail: form.username });
    const at = this.rows.findIndex((row) => row.member_id === form.member_id);
    const { password: _password, version, ...rest } = form;
    const before: Pick<MemberView, "principal" | "created_at"> = this.rows[at] ?? {
      principal: false,
      created_at: Date.now(),
    };
    const saved: MemberView = { ...before, ...rest, version: (version ?? 0) + 1 };
    if (at >= 0) this.rows[at] = saved;
    else this.rows.push(saved);
    return saved;
  }
}

/** Commands about people, and about the programs beside them. */
export function memberHandlers(now: () => [MockMembers, Switches]) {
  return {
    members_list: () => now()[0].rows,
    save_member: (form: SaveMember) => now()[0].save(form),
    ...apiKeyHandlers(() => now()[1]),
  };
}
