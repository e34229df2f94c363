import { describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { Bulk } from "$lib/api/bindings/Bulk";
import type { BulkRights } from "$lib/api/bindings/BulkRights";
import { confirmWords, moveWords, progressOf, refusalWords, resultWords } from "$lib/words/bulk";

import { BulkFile } from "./bulk.svelte";
import { BulkPlan, kindsFor } from "./bulkPlan.svelte";

const NOW = Date.UTC(2026, 10, 21);

/** Numbers and their units are kept on one line. */
const plain = (words: string) => words.replaceAll("\u00a0", " ");

const ALL: BulkRights = { create: "yes", extend: "yes", edit: "yes", transfer: "yes", gift: "yes" };

function bulk(change: Partial<Bulk>): Bulk {
  return {
    bulk_id: "b",
    operation: { kind: "extend", service: { days: 30 }, gift: false },
    state: "planned",
    total: 41_224,
    counted: true,
    tried: 41_224,
    planned: 41_210,
    refused: 14,
    done: 0,
    undone: 0,
    kept: 0,
    undoable: 0,
    cost: [{ value: 1_236_300, unit: "credits" }],
    paid: [],
    ordered_at: NOW,
    ...change,
  };
}

describe("what a person says yes to", () => {
  it("names the accounts, the cost, the refusals and what stays", () => {
    expect(plain(confirmWords(bulk({}), []))).toBe(
      "Extend 41,210 accounts by 30 days; costs 1,236,300 credits; 14 refused; cannot be undone: what was given stays.",
    );
  });

  it("says that it can be undone where it can", () => {
    const words = confirmWords(
      bulk({ operation: { kind: "suspend", reason: "no power" }, planned: 1, refused: 0, cost: [] }),
      [],
    );
    expect(words).toMatch(/^Suspend 1 account; can be undone/);
  });

  it("says of new accounts what they cost, and that they stay", () => {
    const operation = { kind: "create", file: "customers.csv", lines: 240, gift: false } as const;
    const cost = [{ value: 7_170, unit: "credits" }];
    const words = plain(confirmWords(bulk({ operation, planned: 239, refused: 1, cost }), []));
    expect(words).toBe(
      "Create 239 accounts from “customers.csv”; costs 7,170 credits; 1 refused; cannot be undone: what new accounts cost is not given back.",
    );
  });

  it("says of another plan that the days stay", () => {
    const operation = { kind: "plan_change", plan_id: "p" } as const;
    expect(confirmWords(bulk({ operation, planned: 7, refused: 0, cost: [] }), [])).toBe(
      "Give 7 accounts another plan; costs nothing, and the last days stay; can be undone for every account that nobody changes afterwards.",
    );
  });

  it("names the portals that accounts change", () => {
    expect(moveWords({ from: "North", to: "South", accounts: 2 })).toBe(
      "2 accounts move from the portal North to the portal South: they are opened on South and switched off on North.",
    );
    expect(moveWords({ to: "South", accounts: 1 })).toBe("1 account is opened on the portal South.");
  });

  it("names a gift instead of a cost", () => {
    const operation = { kind: "extend", service: { days: 1 }, gift: true } as const;
    expect(confirmWords(bulk({ operation, cost: [] }), [])).toContain("as a gift of the operator");
  });
});

describe("what became of it", () => {
  it("counts what was put back as done before", () => {
    const words = resultWords(bulk({ state: "undone", done: 0, undone: 7, kept: 2, refused: 1, planned: 0 }));
    expect(words).toContain("9 done, 1 refused");
    expect(words).toContain("7 put back, 2 kept");
  });

  it("is measured by what it is at", () => {
    expect(progressOf(bulk({ state: "planning", tried: 100 }))).toMatchObject({ done: 100, total: 41_224 });
    expect(progressOf(bulk({ state: "running", planned: 41_000 }))).toMatchObject({ done: 224 });
    const undoing = progressOf(bulk({ state: "undoing", done: 30, undone: 9, kept: 1 }));
    expect(undoing).toMatchObject({ done: 10, total: 40 });
  });

  it("says what an account needs and what there is", () => {
    const [needed, available] = [30, 15].map((value) => ({ value, unit: "credits" }));
    const words = plain(refusalWords({ code: "insufficient_credit", detail: "", needed, available }));
    expect(words).toContain("30 credits");
    expect(words).toContain("15");
    expect(refusalWords({ code: "wrong_state", detail: "It is suspended already." })).toBe(
      "It is suspended already.",
    );
  });
});

describe("one that goes on", () => {
  it("is not said to go on by an answer from before it was stopped", async () => {
    let late: (detail: unknown) => void = () => undefined;
    const running = () => ({ bulk: bulk({ state: "running" }), short: [], moves: [] });
    let asked = 0;
    useTransport({
      call: async (command) => {
        if (command === "bulk_rows") return { rows: [] };
        if (command === "cancel_bulk") return bulk({ state: "cancelled" });
        asked += 1;
        return asked === 1 ? running() : new Promise((resolve) => (late = resolve));
      },
      listen: () => () => undefined,
    });
    const file = new BulkFile("b");
    await file.load();
    const turn = file.follow(1_000);
    await file.act("cancel_bulk");
    late(running());
    await turn;
    expect(file.bulk?.state).toBe("cancelled");
  });
});

describe("the choice", () => {
  it("offers what may be done", () => {
    expect(kindsFor(ALL)).toEqual(["extend", "suspend", "activate", "plan_change", "transfer"]);
    expect(kindsFor({ ...ALL, extend: "not_this_shop", transfer: "not_this_role" })).toEqual([
      "suspend",
      "activate",
    ]);
  });

  it("takes over the list that was looked at", () => {
    const plan = new BulkPlan(["extend"], { search: "amber", show: "ending_soon" }, NOW, "Europe/Berlin");
    expect(plan.request("b").targets).toEqual({
      kind: "matching",
      search: "amber",
      status: "active",
      ends_before: "2026-11-28",
    });
    const reseller = { id: "r", company: "Corner Shop" };
    const of = new BulkPlan(["suspend"], { search: "", show: "expired", reseller }, NOW, "Europe/Berlin");
    expect(of.request("b").targets).toMatchObject({ status: "expired", reseller_id: "r" });
  });

  it("ends soon where the operator is, as the list does", () => {
    const looked = { search: "", show: "ending_soon" };
    const late = Date.UTC(2026, 10, 21, 23, 30);
    expect(new BulkPlan(["extend"], looked, late, "Europe/Berlin").endsBefore).toBe("2026-11-29");
    expect(new BulkPlan(["extend"], looked, late, "America/New_York").endsBefore).toBe("2026-11-28");
  });

  it("takes the accounts that were chosen, until a list is taken instead", () => {
    const plan = new BulkPlan(
      ["activate"],
      { search: "", show: "in_use", chosen: ["a", "b"] },
      NOW,
      "Europe/Berlin",
    );
    expect(plan.request("b").targets).toEqual({ kind: "chosen", account_ids: ["a", "b"] });
    plan.chosen = [];
    expect(plan.request("b").targets.kind).toBe("matching");
  });

  it("is not sent before it is whole", () => {
    const plan = new BulkPlan(["suspend"], { search: "", show: "in_use" }, NOW, "Europe/Berlin");
    expect(plan.complete).toBe(false);
    plan.reason = " no power ";
    expect(plan.complete).toBe(true);
    expect(plan.request("b").operation).toEqual({ kind: "suspend", reason: "no power" });
    plan.kind = "extend";
    plan.days = "0";
    expect(plan.serviceProblem).toBeDefined();
    plan.endsBefore = "soon";
    expect(plan.dayProblem).toBeDefined();
  });
});
