import { describe, expect, it } from "vitest";

import type { FieldDrift } from "$lib/api/bindings/FieldDrift";
import type { RepairPreview } from "$lib/api/bindings/RepairPreview";

import {
  accountStatusWord,
  agreedWord,
  directionWords,
  DRIFT_KINDS,
  movedLine,
  oddCount,
  oddWord,
  repairSentence,
  resultLine,
  valueWord,
} from "./drift";

const owners = new Map([["7", "Navid Telecom"]]);
const moved = (...list: FieldDrift["moved"][]) => ({
  fields: list.map((one): FieldDrift => ({ field: "tariff", moved: one })),
});

describe("values", () => {
  it("shows the last day, not the day of the cut, and whose number it is", () => {
    expect(valueWord("end_date", "2026-12-22", owners)).toMatch(/21/);
    expect(valueWord("end_date", "soon", owners)).toBe("soon");
    expect(valueWord("owner", "7", owners)).toBe("Navid Telecom");
    expect(valueWord("owner", "8", owners)).toBe("Number 8");
    expect(valueWord("owner", "0", owners)).toBe(valueWord("owner", undefined, owners));
    expect(valueWord("enabled", "off", owners)).toBe("Off");
  });

  it("has a word of its own for what is not there", () => {
    const absent = (["enabled", "end_date", "tariff", "owner"] as const).map((field) =>
      valueWord(field, undefined, owners),
    );
    expect(new Set(absent).size).toBe(4);
  });

  it("tells an agreement on nothing from one that never was", () => {
    expect(agreedWord({ field: "owner", moved: "portal" }, owners)).toBe("Nobody");
    expect(agreedWord({ field: "owner", moved: "unknown" }, owners)).toBe("Never");
  });

  it("sums up where an account was changed", () => {
    expect(movedLine(moved("portal", "portal"))).toBe("On the portal");
    expect(movedLine(moved("portal", "unknown"))).toBe("On the portal");
    expect(movedLine(moved("portal", "central"))).toBe("On both sides");
    expect(movedLine(moved("unknown"))).toBe("Never agreed before");
    expect(movedLine(moved())).toBe("");
  });
});

describe("repairs", () => {
  it("offers only what can be done", () => {
    const possible = DRIFT_KINDS.map((kind) =>
      (["portal", "central"] as const).filter((toward) => directionWords(toward, kind).possible).join(),
    );
    expect(possible).toEqual(["portal,central", "portal", "portal,central", "central"]);
  });

  const preview = (repaired: number, accounts: number, not_undoable: number) =>
    ({ repaired, accounts, not_undoable }) as RepairPreview;

  it("says how much, what stays, and what cannot be undone", () => {
    const say = (p: RepairPreview) => repairSentence("portal", p, "Main portal");
    expect(say(preview(1, 1, 0))).toBe(
      "Counterfoil writes to 1 account on Main portal. You can undo it afterwards.",
    );
    expect(say(preview(1_190, 1_204, 3))).toBe(
      "Counterfoil writes to 1,190 accounts on Main portal. 14 stay as they are. 3 cannot be undone, the others can.",
    );
    expect(say(preview(2, 2, 2))).toContain("None of it can be undone.");
  });
});

describe("what came of a job", () => {
  it("counts what a look found only when it is over", () => {
    const look = { kind: "sync_changes" as const, changed: 3, refused: 0 };
    expect(resultLine({ ...look, state: "done" })).toBe("3 accounts disagree");
    expect(resultLine({ ...look, state: "done", changed: 0 })).toBe("Both sides agree");
    expect(resultLine({ ...look, state: "cancelled" })).toBe("");
  });

  it("counts what a repair did, however far it went", () => {
    const repair = { kind: "repair_portal" as const, state: "cancelled" as const, changed: 1 };
    expect(resultLine({ ...repair, refused: 4 })).toBe("1 account changed, 4 left as they are");
    expect(resultLine({ ...repair, refused: 0 })).toBe("1 account changed");
  });
});

describe("oddities", () => {
  it("counts names, not the rows behind them", () => {
    const shared = (count: number) => ({ count, first: [] });
    const odd = { ghosts: 1, unreadable: 2, odd: [], odd_count: 16 };
    expect(
      oddCount({
        ...odd,
        shared_logins: shared(4),
        shared_numbers: shared(32),
        shared_macs: shared(8),
      }),
    ).toBe(63);
  });

  it("still says something of what it does not know", () => {
    expect(oddWord("junk_mac")).not.toContain("junk");
    expect(oddWord("of_the_future")).toBe("of the future");
    expect(oddWord("toString")).toBe("toString");
    expect(accountStatusWord("frozen")).toBe("frozen");
    expect(accountStatusWord("constructor")).toBe("constructor");
  });
});
