import { describe, expect, it } from "vitest";

import type { StaffView } from "$lib/api/bindings/StaffView";

import { StaffForm } from "./staffForm.svelte";

const nina: StaffView = {
  staff_id: "00000000-0000-0000-0000-000000000001",
  version: 3,
  username: "nina",
  full_name: "Nina Sample",
  email: "nina@example.org",
  role: "finance",
  active: true,
  must_change_password: false,
  created_at: 0,
};

describe("one of the staff", () => {
  it("needs a name, and a password only where one is chosen", () => {
    const form = new StaffForm(undefined);
    expect(form.valid).toBe(false);
    form.username = " nina ";
    expect(form.valid).toBe(true);
    expect(form.creation()).toMatchObject({ username: "nina", role: "support" });
    expect("password" in form.creation()).toBe(false);
    form.password = "short";
    expect(form.problems.password).toContain("12");
    form.password = "a password of twelve";
    expect(form.creation().password).toBe("a password of twelve");
  });

  it("is edited as it was read", () => {
    const form = new StaffForm(nina);
    form.email = "nobody";
    expect(form.problems.email).toBeDefined();
    form.email = "";
    form.role = "admin";
    expect(form.edit()).toEqual({
      staff_id: nina.staff_id,
      version: 3,
      full_name: "Nina Sample",
      email: "",
      role: "admin",
    });
  });
});
