import { describe, expect, it } from "vitest";

import { CodesList, sortOf } from "./codesList.svelte";
import { sortText } from "./sorts";

describe("the order of the Codes page", () => {
  it("is in the address as it is read from there", () => {
    for (const by of ["serial", "plan", "state", "sold_at"] as const) {
      for (const descending of [false, true]) {
        expect(sortOf(sortText({ by, descending }))).toEqual({ by, descending });
      }
    }
    expect(sortOf(null)).toBeUndefined();
    expect(sortOf("price")).toBeUndefined();
    expect(sortOf("--serial")).toBeUndefined();
  });

  it("is the newest first until somebody chooses one, and what was chosen comes back behind a filter", () => {
    const list = new CodesList();
    expect(list.sort).toEqual({ by: "sold_at", descending: true });
    const before = list.query;
    list.chosenSort = { by: "serial", descending: false };
    expect(list.sort).toEqual({ by: "serial", descending: false });
    expect(list.query).not.toBe(before);
    list.states = ["held"];
    expect(list.sort).toEqual({ by: "sold_at", descending: true });
    expect([list.sortWaits, list.maySort("serial"), list.maySort("state")]).toEqual([true, false, true]);
    list.settled = "anna";
    expect([list.sort, list.sortWaits, list.maySort("state")]).toEqual([undefined, false, false]);
    list.clear();
    expect(list.sort).toEqual({ by: "serial", descending: false });
  });
});
