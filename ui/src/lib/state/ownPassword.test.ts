import { describe, expect, it } from "vitest";

import { OwnPassword } from "./ownPassword.svelte";

describe("a password of one's own", () => {
  it("is long enough, another one, and typed twice the same", () => {
    const own = new OwnPassword();
    expect(own.valid("")).toBe(false);
    own.chosen = "elevenchars";
    own.repeated = own.chosen;
    expect(own.problems("").chosen).toContain("12");
    own.chosen = "four ordinary words";
    expect(own.problems("").repeated).toBeDefined();
    own.repeated = own.chosen;
    expect(own.valid("the current one")).toBe(true);
    expect(own.problems("four ordinary words").chosen).toBeDefined();
    expect(own.valid("four ordinary words")).toBe(false);
    own.clear();
    expect(own.chosen + own.repeated).toBe("");
  });
});
