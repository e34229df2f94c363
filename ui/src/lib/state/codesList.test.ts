import { describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import { CallError } from "$lib/api/error";

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

describe("what went wrong on the Codes page", () => {
  const away = () => new CallError({ code: "storage_failed", detail: "" });
  let fails: string | undefined;
  const answering = () =>
    useTransport({
      call: async (command) => {
        if (command === fails) throw away();
        return command === "codes_page" ? { rows: [], order: "newest" } : { total: 3, by_state: [] };
      },
      listen: () => () => undefined,
    });

  it("is said until the rows are there, although they were counted", async () => {
    answering();
    const list = new CodesList();
    list.error = away();
    await list.count();
    expect(list.error).toBeDefined();
    await list.read({ limit: 100 });
    expect(list.error).toBeUndefined();
  });

  it("is said until they are counted, although the rows are there", async () => {
    answering();
    const list = new CodesList();
    fails = "codes_counts";
    await list.count();
    await list.read({ limit: 100 });
    expect(list.error).toBeDefined();
    fails = undefined;
    await list.count();
    expect(list.error).toBeUndefined();
  });
});
