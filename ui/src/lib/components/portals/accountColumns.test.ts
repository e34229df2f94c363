import { describe, expect, it } from "vitest";

import type { PortalAccountView } from "$lib/api/bindings/PortalAccountView";

import { accountColumns, nextWord, whyLine } from "./accountColumns";

const account = (more: Partial<PortalAccountView>): PortalAccountView => ({
  account_id: "a",
  username: "anna",
  state: "attention",
  differences: [],
  tries: 1,
  ...more,
});
const trouble = { code: "differs", detail: "The portal shows something else.", remedy: "Look.", since: 0 };
const ids = (...args: Parameters<typeof accountColumns>) =>
  accountColumns(...args).map((column) => column.colId);

describe("the line that says why", () => {
  it("is Central's sentence and the fields in words", () => {
    const differences = [
      { field: "end_date", wanted: "a", found: "b" },
      { field: "tariff", wanted: "a", found: "b" },
    ];
    expect(whyLine(account({ trouble, differences }))).toBe(
      "The portal shows something else: End date, Tariff",
    );
    expect(whyLine(account({ trouble }))).toBe("The portal shows something else.");
    expect(whyLine(account({}))).toBe("");
  });
});

describe("the next try", () => {
  it("is Central's, a person's or nobody's", () => {
    const waiting = account({ state: "waiting", next_at: 120_000 });
    expect(nextWord(waiting, 0)).toMatch(/2/);
    const due = nextWord(waiting, 120_000);
    const person = nextWord(account({}), 0);
    expect(due).not.toBe("");
    expect(person).not.toBe("");
    expect(person).not.toBe(due);
    expect(nextWord(account({ state: "agreed" }), 0)).toBe("");
  });
});

describe("columns", () => {
  it("say why in a narrow list of what needs a person, and the state in any other", () => {
    expect(ids("narrow", "attention")).toEqual(["username", "why"]);
    expect(ids("narrow", "all")).toEqual(["username", "state"]);
    expect(ids("wide", "all")).toContain("agreed");
  });
});
