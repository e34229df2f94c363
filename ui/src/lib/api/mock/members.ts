import type { BlockDevice } from "../bindings/BlockDevice";
import type { MemberView } from "../bindings/MemberView";
import type { OwnDevice } from "../bindings/OwnDevice";
import type { RemovedSecondFactor } from "../bindings/RemovedSecondFactor";
import type { SaveMember } from "../bindings/SaveMember";
import type { Commands } from "../commands";
import { CallError } from "../error";
import type { MockResellers } from "./admin";
import { apiKeyHandlers } from "./apiKeys";
import { DAY, HOUR, inventId, LONG_NAME, NOW } from "./invent";
import type { Switches } from "./switches";

/** Who works for the shop, and at which machines. */
export class MockMembers {
  rows: MemberView[];
  devices: OwnDevice[];

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
      must_change_password: index === 2,
      second_factor: index === 1,
    });
    const device = (index: number, name: string): OwnDevice => ({
      device_id: inventId(6, index),
      name,
      status: "active",
      this_device: index === 1,
      enrolled_at: NOW - (200 - index * 30) * DAY,
      last_seen_at: NOW - index * 3 * HOUR,
    });
    this.devices = [device(1, "Till 1"), ...(empty ? [] : [device(2, long ? LONG_NAME : "Field laptop")])];
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

  block({ device_id }: BlockDevice): void {
    this.devices = this.devices.map((one) =>
      one.device_id === device_id ? { ...one, status: "retired" } : one,
    );
  }

  removeSecondFactor(id: string): RemovedSecondFactor {
    const whose = this.rows.find((row) => row.member_id === id);
    if (!whose) throw new CallError({ code: "not_found", detail: "404" });
    this.rows = this.rows.map((row) => (row === whose ? { ...row, second_factor: false } : row));
    return { username: whose.username, was_on: whose.second_factor };
  }

  save(form: SaveMember): MemberView {
    const taken = this.rows.find((row) => row.username === form.username && row.member_id !== form.member_id);
    if (taken) throw new CallError({ code: "username_taken", detail: form.username });
    const at = this.rows.findIndex((row) => row.member_id === form.member_id);
    const { password, version, ...rest } = form;
    const before: Omit<MemberView, keyof SaveMember> = this.rows[at] ?? {
      principal: false,
      created_at: Date.now(),
      must_change_password: false,
      second_factor: false,
    };
    const must_change_password = before.must_change_password || password !== undefined;
    const saved: MemberView = { ...before, ...rest, must_change_password, version: (version ?? 0) + 1 };
    if (at >= 0) this.rows[at] = saved;
    else this.rows.push(saved);
    return saved;
  }
}

/** The commands about a shop's people, their machines and the programs beside them; a machine is one of the reseller's as staff see it. */
export function memberHandlers(those: () => [MockMembers, MockResellers, Switches]) {
  return {
    members_list: () => those()[0].rows,
    save_member: (form: Commands["save_member"]["args"]) => those()[0].save(form),
    remove_member_second_factor: ({ member_id }: Commands["remove_member_second_factor"]["args"]) =>
      those()[0].removeSecondFactor(member_id),
    own_devices: () => those()[0].devices,
    block_device: (request: Commands["block_device"]["args"]) => {
      const [members, resellers] = those();
      for (const one of [members, resellers]) one.block(request);
      return null;
    },
    ...apiKeyHandlers(() => those()[2]),
  };
}
