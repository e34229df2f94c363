import { describe, expect, it } from "vitest";

import { AccountsList, sortOf } from "./accounts.svelte";
import { sortText } from "./sorts";

describe("the order of the Accounts page", () => {
  it("is in the address as it is read from there", () => {
    for (const by of ["username", "last_day", "created"] as const) {
      for (const descending of [false, true]) {
        expect(sortOf(sortText({ by, descending }))).toEqual({ by, descending });
      }
    }
    expect(sortOf(null)).toBeUndefined();
    expect(sortOf("plan")).toBeUndefined();
    expect(sortOf("--created")).toBeUndefined();
  });

  it("is each kind's own until somebody chooses one, and by name for what is found", () => {
    const list = new AccountsList();
    expect(list.sort).toEqual({ by: "username", descending: false });
    list.show = "expired";
    expect(list.sort).toEqual({ by: "last_day", descending: true });
    list.chosenSort = { by: "created", descending: true };
    const before = list.query;
    expect(list.sort).toEqual({ by: "created", descending: true });
    list.chosenSort = { by: "created", descending: false };
    expect(list.query).not.toBe(before);
    list.settled = "anna";
    expect(list.sort).toBeUndefined();
  });
});
