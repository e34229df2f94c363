import { describe, expect, it } from "vitest";

import type { AccountsSort } from "$lib/api/bindings/AccountsSort";
import { LastSeen } from "$lib/state/lastSeen.svelte";

import { accountColumns } from "./columns";

const shown = (room: Parameters<typeof accountColumns>[0], sort?: AccountsSort) =>
  accountColumns(room, true, new LastSeen(), sort);
const sorted = (columns: ReturnType<typeof shown>) =>
  columns.filter(({ sort }) => sort).map(({ colId, sort }) => `${colId} ${String(sort)}`);

describe("the headings of the Accounts page", () => {
  it("say what the list is sorted by, and only those can be chosen", () => {
    const columns = shown("wide", { by: "last_day", descending: true });
    expect(sorted(columns)).toEqual(["last_day desc"]);
    const choices = columns.filter(({ sortable }) => sortable).map(({ colId }) => colId);
    expect(choices).toEqual(["username", "last_day", "created"]);
    expect(columns.find(({ colId }) => colId === "username")!.sort).toBeNull();
  });

  it("show what the list is sorted by also where there is less room", () => {
    const ids = (sort: AccountsSort) => shown("normal", sort).map(({ colId }) => colId);
    expect(ids({ by: "username", descending: false })).not.toContain("created");
    expect(ids({ by: "created", descending: false })).toContain("created");
  });

  it("cannot be chosen while a search lists what it finds by name", () => {
    const columns = shown("wide");
    expect(sorted(columns)).toEqual([]);
    expect(columns.some(({ sortable }) => sortable)).toBe(false);
  });
});
