import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { CallError } from "$lib/api/error";

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
