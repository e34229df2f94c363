import { describe, expect, it } from "vitest";

import type { DriftRow } from "$lib/api/bindings/DriftRow";
import { DRIFT_KINDS } from "$lib/words/drift";

import { driftColumns, driftLine, shownValue, sideLine } from "./driftColumns";

const owners = new Map([["2", "Sepehr Media"]]);
const row: DriftRow = {
  key: "l:anna",
  kind: "differs",
  login: "anna",
  account_number: "11",
  mac: "",
  fields: [
    { field: "enabled", portal: "off", central: "on", agreed: "on", moved: "portal" },
    { field: "owner", portal: "2", moved: "unknown" },
  ],
};

describe("a row in words", () => {
  it("names each field with both values", () => {
    expect(driftLine(row, owners)).toBe(
      "State: Off on the portal, On here; Owner: Sepehr Media on the portal, Nobody here",
    );
    expect(sideLine(row, "portal", owners)).toBe("Off; Sepehr Media");
    expect(sideLine(row, "agreed", owners)).toBe("On; Never");
  });

  it("shows nothing where the row says nothing", () => {
    expect(shownValue(row, "enabled", owners)).toBe("Off");
    expect(shownValue(row, "tariff", owners)).toBe("");
  });
});

describe("columns", () => {
  it("are never more where there is less room, and begin with the login", () => {
    for (const kind of DRIFT_KINDS) {
      const counts = (["narrow", "compact", "normal", "wide"] as const).map((room) => {
        const columns = driftColumns(room, kind, owners);
        expect(columns[0]?.colId).toBe("login");
        expect(new Set(columns.map((one) => one.colId)).size).toBe(columns.length);
        return columns.length;
      });
      expect(counts).toEqual([...counts].sort((one, other) => one - other));
      expect(counts[0]).toBe(2);
    }
  });
});
