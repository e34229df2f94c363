import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { CallError } from "$lib/api/error";

import { EditSheet } from "./editSheet";
import { Editing } from "./editing.svelte";
import { navigation } from "./navigation.svelte";
import { Resource } from "./resource.svelte";
import { toasts } from "./toasts.svelte";

interface Row {
  id: string;
  name: string;
}

let read: () => Promise<Row[]>;
let list: Resource<Row[]>;
let editing: Editing<Row>;

beforeEach(async () => {
  toasts.list = [];
  navigation.page = "plans";
  navigation.query = new URLSearchParams({ edit: "a" });
  read = async () => [{ id: "a", name: "Month" }];
  list = new Resource(() => read());
  editing = new Editing("plans", list, (row) => row.id);
  await list.load();
});
afterEach(() => {
  navigation.page = undefined;
  navigation.query = new URLSearchParams();
  history.replaceState(null, "", "/");
});

describe("the sheet of a page", () => {
  const at = (page: typeof navigation.page, query: Record<string, string>) => {
    navigation.page = page;
    navigation.query = new URLSearchParams(query);
  };

  it("closes the sheet that a reseller was written in, and no other", () => {
    const sheet = new EditSheet("resellers");
    at("resellers", { edit: "r2" });
    expect([sheet.done("r1"), sheet.done("new"), sheet.which]).toEqual([false, false, "r2"]);
    expect([sheet.done("r2"), sheet.which]).toEqual([true, undefined]);
    at("accounts", { edit: "r1" });
    expect([sheet.done("r1"), navigation.query.get("edit")]).toEqual([false, "r1"]);
  });

  it("leaves the sheet of another list of the page open", () => {
    at("providers", { provider: "p1", edit: "new" });
    expect(new EditSheet("providers").done("new")).toBe(false);
    expect(new EditSheet("providers", { provider: "p1" }).done("new")).toBe(true);
    expect([...navigation.query]).toEqual([["provider", "p1"]]);
  });
});

describe("what is edited in a sheet", () => {
  it("closes its sheet when it is saved, and is found as it is now before the list comes", () => {
    read = () => new Promise(() => undefined);
    editing.saved("a", { id: "a", name: "Quarter" });
    expect([editing.which, editing.open]).toEqual([undefined, false]);
    expect(list.data).toEqual([{ id: "a", name: "Quarter" }]);
    editing.saved("new", { id: "b", name: "Year" });
    expect(list.data).toHaveLength(2);
  });

  it("leaves open what was opened before its answer came", () => {
    navigation.query = new URLSearchParams({ edit: "new" });
    editing.saved("a", { id: "a", name: "Quarter" });
    expect(editing.which).toBe("new");
  });

  it("leaves another page alone", () => {
    navigation.page = "accounts";
    navigation.query = new URLSearchParams({ reseller: "r1", edit: "a" });
    editing.saved("a", { id: "a", name: "Quarter" });
    expect(navigation.query.get("reseller")).toBe("r1");
  });

  it("is the same form when the list is read again, and another one where a person asks for it", async () => {
    const before = editing.key;
    read = async () => [{ id: "a", name: "Quarter" }];
    await list.load();
    expect(editing.key).toBe(before);
    await editing.reload();
    expect(editing.key).not.toBe(before);
  });

  it("stays as it is where it cannot be read again, and says so", async () => {
    const before = editing.key;
    read = () => Promise.reject(new CallError({ code: "server_unreachable", detail: "" }));
    await editing.reload();
    expect(editing.key).toBe(before);
    expect(toasts.list.map(({ tone }) => tone)).toEqual(["red"]);
  });
});
