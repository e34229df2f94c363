import type { LockedNameView } from "../bindings/LockedNameView";
import type { StaffPassword } from "../bindings/StaffPassword";
import type { StaffView } from "../bindings/StaffView";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { DAY, HOUR, inventId, LONG_NAME, NOW } from "./invent";
import { isOffline, type Switches } from "./switches";

function invent(switches: Switches): StaffView[] {
  const one = (index: number, username: string, role: StaffView["role"], active = true): StaffView => ({
    staff_id: inventId(104, index),
    version: 1,
    username,
    full_name: index === 1 && switches.long ? LONG_NAME : "",
    email: `${username}@example.org`,
    role,
    active,
    must_change_password: index === 2,
    created_at: NOW - (300 - index * 40) * DAY,
    last_login_at: index === 2 ? undefined : NOW - (index * 11 + 1) * HOUR,
  });
  const self = one(0, "m.azadi", switches.staff as StaffView["role"]);
  if (switches.show === "empty") return [self];
  return [self, one(1, "nina", "finance"), one(2, "omid", "support"), one(3, "former.boss", "admin", false)];
}

function lockedNames(switches: Switches): LockedNameView[] {
  if (switches.show === "empty") return [];
  const since = NOW - 60_000;
  const until = NOW + 14 * 60_000;
  return [
    { audience: "admin", username: "nina", since, until, tries: 10 },
    { audience: "reseller", username: "leila", reseller_name: "Navid Telecom", since, until, tries: 10 },
  ];
}

/** The operator's staff, and names that are locked. */
export function colleagueHandlers(switches: () => Switches) {
  let rows: StaffView[] | undefined;
  let locked: LockedNameView[] | undefined;

  const all = (): StaffView[] => {
    if (isOffline(switches()))
      throw new CallError({ code: "server_unreachable", detail: "connection refused" });
    rows ??= invent(switches());
    return rows;
  };
  const change = (staff_id: string, version: number, to: Partial<StaffView>): StaffView => {
    const at = all().findIndex((row) => row.staff_id === staff_id);
    const before = all()[at];
    if (!before) throw new CallError({ code: "not_found", detail: staff_id });
    if (before.version !== version) throw new CallError({ code: "conflict", detail: String(before.version) });
    const saved = { ...before, ...to, version: version + 1 };
    rows = all().with(at, saved);
    return saved;
  };
  return {
    staff_list: () => all(),
    create_staff: ({ password, ...form }: Commands["create_staff"]["args"]): StaffPassword => {
      if (all().some((row) => row.username === form.username))
        throw new CallError({ code: "username_taken", detail: form.username });
      const staff: StaffView = {
        ...form,
        version: 1,
        active: true,
        must_change_password: true,
        created_at: Date.now(),
      };
      rows = [...all(), staff];
      return { staff, ...(password === undefined ? { password: "invented-password-20" } : {}) };
    },
    save_staff: ({ staff_id, version, ...to }: Commands["save_staff"]["args"]) =>
      change(staff_id, version, to),
    set_staff_active: ({ staff_id, version, active }: Commands["set_staff_active"]["args"]) =>
      change(staff_id, version, { active }),
    reset_staff_password: ({ staff_id, version }: Commands["reset_staff_password"]["args"]) => ({
      staff: change(staff_id, version, { must_change_password: true }),
      password: "invented-password-20",
    }),
    locked_names: (): LockedNameView[] => {
      all();
      locked ??= lockedNames(switches());
      return locked;
    },
    unlock_sign_in: ({ audience, username }: Commands["unlock_sign_in"]["args"]) => {
      const name = username.trim().toLowerCase();
      locked = (locked ?? lockedNames(switches())).filter(
        (one) => one.audience !== audience || one.username !== name,
      );
      return { username: name, was_locked: true };
    },
  };
}
