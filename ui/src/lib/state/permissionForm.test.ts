import { describe, expect, it } from "vitest";

import type { Permissions } from "$lib/api/bindings/Permissions";
import { GRANT_GROUPS, GRANT_WORDS, templateStanding } from "$lib/words/permissions";

import { differences, PermissionForm } from "./permissionForm.svelte";

const USUAL: Permissions = { grants: ["view_accounts", "create_accounts"], max_connections: 3 };
const TRIAL: Permissions = { grants: ["view_accounts"], max_accounts: 25, max_connections: 1 };

describe("permissions as they are being chosen", () => {
  it("are sent as they were read while nothing is touched", () => {
    const form = new PermissionForm(USUAL, "basic");
    expect(form.value).toEqual(USUAL);
    expect(form.value).not.toHaveProperty("max_accounts");
    expect([form.changed, form.valid, form.template]).toEqual([false, true, "basic"]);
  });

  it("take what a template holds, and can be put back", () => {
    const form = new PermissionForm(USUAL, undefined);
    form.choose("trial", TRIAL);
    expect(form.value).toEqual(TRIAL);
    expect([form.changed, form.template]).toEqual([true, "trial"]);
    form.choose("", undefined);
    expect(form.value).toEqual(TRIAL);
    form.undo();
    expect(form.value).toEqual(USUAL);
    expect([form.changed, form.template]).toEqual([false, ""]);
  });

  it("ask for limits that are some", () => {
    const form = new PermissionForm(USUAL, undefined);
    for (const [accounts, connections, ok] of [
      ["", "1", true],
      ["0", "100", true],
      ["1,000", "3", true],
      ["many", "3", false],
      ["10000001", "3", false],
      ["2.5", "3", false],
      ["", "0", false],
      ["", "101", false],
      ["", "", false],
    ] as const) {
      form.accounts = accounts;
      form.connections = connections;
      expect(form.valid, `${accounts} ${connections}`).toBe(ok);
    }
    form.accounts = "1,000";
    expect(form.value.max_accounts).toBe(1_000);
  });

  it("differ in each grant and each limit", () => {
    expect(differences(USUAL, USUAL)).toBe(0);
    expect(differences(USUAL, TRIAL)).toBe(3);
    expect(differences({ ...USUAL, grants: [...USUAL.grants].reverse() }, USUAL)).toBe(0);
    expect(templateStanding("premium", 0)).toBe("As Premium");
    expect(templateStanding("premium", 1)).toBe("As Premium, with 1 change");
    expect(templateStanding("premium", 2)).toBe("As Premium, with 2 changes");
  });

  it("are all shown, each once", () => {
    const shown = GRANT_GROUPS.flatMap((group) => group.grants);
    expect([...shown].sort()).toEqual(Object.keys(GRANT_WORDS).sort());
  });
});
