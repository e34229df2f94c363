import type { MemberRole } from "$lib/api/bindings/MemberRole";
import type { MemberView } from "$lib/api/bindings/MemberView";
import type { SaveMember } from "$lib/api/bindings/SaveMember";
import { mintId } from "$lib/api/ids";
import { SHORTEST_PASSWORD } from "$lib/api/limits";
import { m } from "$lib/paraglide/messages";

import { Once } from "./once.svelte";
import { usernameProblem } from "./username";

/** A member as it is being written. */
export class MemberForm {
  readonly memberId: string;
  readonly version: number | undefined;
  readonly principal: boolean;
  username = $state("");
  password = $state("");
  role = $state<MemberRole>("clerk");
  active = $state(true);
  readonly once = new Once();

  constructor(member: MemberView | undefined) {
    this.memberId = member?.member_id ?? mintId();
    this.version = member?.version;
    this.principal = member?.principal ?? false;
    if (!member) return;
    this.username = member.username;
    this.role = member.role;
    this.active = member.active;
  }

  get isNew(): boolean {
    return this.version === undefined;
  }

  get problems() {
    const password = this.password.length;
    return {
      username: usernameProblem(this.username),
      password:
        (this.isNew || password > 0) && password < SHORTEST_PASSWORD
          ? m.member_password_required({ least: SHORTEST_PASSWORD })
          : undefined,
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  request(): SaveMember {
    return {
      member_id: this.memberId,
      ...(this.version === undefined ? {} : { version: this.version }),
      username: this.username.trim(),
      ...(this.password === "" ? {} : { password: this.password }),
      role: this.role,
      active: this.active,
    };
  }
}
