import { describe, expect, it } from "vitest";

import type { CodesSort } from "$lib/api/bindings/CodesSort";

import { codeColumns } from "./columns";

const ALL = () => true;

describe("the headings of the Codes page", () => {
  it("say what the list is sorted by, and only those can be chosen", () => {
    const chosen: CodesSort = { by: "plan", descending: true };
    const columns = codeColumns("wide", chosen, ALL);
    const sorted = columns
      .filter((column) => column.sort)
      .map(({ colId, sort }) => `${colId} ${String(sort)}`);
    expect(sorted).toEqual(["plan desc"]);
    const choices = columns.filter(({ sortable }) => sortable).map(({ colId }) => colId);
    expect(choices).toEqual(["serial", "plan", "state", "sold_at"]);
    expect(columns.find(({ colId }) => colId === "serial")!.sort).toBeNull();
  });

  it("leave out what this list cannot be sorted by", () => {
    const columns = codeColumns("normal", { by: "sold_at", descending: true }, (by) => by !== "serial");
    expect(columns.find(({ colId }) => colId === "serial")!.sortable).toBe(false);
    expect(columns.find(({ colId }) => colId === "sold_at")!.sort).toBe("desc");
  });

  it("cannot be chosen while a search has an order of its own", () => {
    const columns = codeColumns("wide", undefined, () => false);
    expect(columns.some(({ sortable }) => sortable)).toBe(false);
    expect(columns.some(({ sort }) => sort)).toBe(false);
  });
});
