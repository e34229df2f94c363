import type { CreateStaff } from "$lib/api/bindings/CreateStaff";
import type { SaveStaff } from "$lib/api/bindings/SaveStaff";
import type { StaffRole } from "$lib/api/bindings/StaffRole";
import type { StaffView } from "$lib/api/bindings/StaffView";
import { mintId } from "$lib/api/ids";
import { SHORTEST_PASSWORD } from "$lib/api/limits";
import { m } from "$lib/paraglide/messages";

import { Once } from "./once.svelte";
import { usernameProblem } from "./username";

/** One of the staff as it is being written. */
export class StaffForm {
  readonly staffId: string;
  readonly version: number | undefined;
  username = $state("");
  fullName = $state("");
  email = $state("");
  role = $state<StaffRole>("support");
  /** Only for somebody new, and only where it is not left to Central. */
  password = $state("");
  readonly once = new Once();

  constructor(staff: StaffView | undefined) {
    this.staffId = staff?.staff_id ?? mintId();
    this.version = staff?.version;
    if (!staff) return;
    this.username = staff.username;
    this.fullName = staff.full_name;
    this.email = staff.email;
    this.role = staff.role;
  }

  get isNew(): boolean {
    return this.version === undefined;
  }

  get problems() {
    const email = this.email.trim();
    const password = this.password.length;
    return {
      username: usernameProblem(this.username),
      email: email === "" || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) ? undefined : m.staff_email_wrong(),
      password:
        password > 0 && password < SHORTEST_PASSWORD
          ? m.staff_password_short({ least: SHORTEST_PASSWORD })
          : undefined,
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  creation(): CreateStaff {
    return {
      staff_id: this.staffId,
      username: this.username.trim(),
      full_name: this.fullName.trim(),
      email: this.email.trim(),
      role: this.role,
      ...(this.password === "" ? {} : { password: this.password }),
    };
  }

  edit(): SaveStaff {
    return {
      staff_id: this.staffId,
      version: this.version ?? 0,
      full_name: this.fullName.trim(),
      email: this.email.trim(),
      role: this.role,
    };
  }
}
