import { beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { PortalAccountView } from "$lib/api/bindings/PortalAccountView";
import type { PortalView } from "$lib/api/bindings/PortalView";
import type { RetryPortalAccounts } from "$lib/api/bindings/RetryPortalAccounts";
import { CallError } from "$lib/api/error";

import { countOf, firstFilter, PortalAccounts } from "./portalAccounts.svelte";
import { Portals } from "./portals.svelte";

const portal = (id: string, version = 1) => ({ portal_id: id, version, name: id }) as PortalView;

let asked: { command: string; args: unknown }[];
let answer: (command: string, args: unknown) => unknown;

beforeEach(() => {
  asked = [];
  useTransport({
    call: async (command, args) => {
      asked.push({ command, args });
      return answer(command, args);
    },
    listen: () => () => undefined,
  });
});

describe("Portals", () => {
  it("keeps what a look found, and the certificate it met", async () => {
    answer = (command) =>
      command === "portals_list"
        ? [portal("a"), portal("b")]
        : { portal: portal("b", 2), untrusted: { der: "AAAA", sha256: "00" } };
    const portals = new Portals();
    await portals.list.load();
    await portals.lookAt("b");
    expect(portals.one("b")?.version).toBe(2);
    expect(portals.list.data?.map((one) => one.portal_id)).toEqual(["a", "b"]);
    expect(portals.look("b").untrusted?.der).toBe("AAAA");
    expect(portals.look("a")).toEqual({ busy: false });
    portals.forgetLook("b");
    expect(portals.look("b").untrusted).toBeUndefined();
  });

  it("looks once at a time, and says why a look did not succeed", async () => {
    let fail: (error: unknown) => void = () => undefined;
    answer = () => new Promise((_, reject) => (fail = reject));
    const portals = new Portals();
    const look = portals.lookAt("a");
    await portals.lookAt("a");
    expect(asked).toHaveLength(1);
    expect(portals.look("a").busy).toBe(true);
    fail(new CallError({ code: "server_unreachable", detail: "" }));
    await look;
    expect(portals.look("a")).toMatchObject({ busy: false, error: { code: "server_unreachable" } });
  });

  it("hears nothing more of a look at another address", async () => {
    const looks: ((found: unknown) => void)[] = [];
    answer = () => new Promise((resolve) => looks.push(resolve));
    const portals = new Portals();
    const old = portals.lookAt("a");
    portals.forgetLook("a");
    const now = portals.lookAt("a");
    looks[0]!({ portal: portal("a", 1), untrusted: { der: "OLD", sha256: "00" } });
    await old;
    expect(portals.look("a")).toEqual({ busy: true });
    looks[1]!({ portal: portal("a", 2) });
    await now;
    expect([portals.look("a").untrusted, portals.one("a")?.version]).toEqual([undefined, 2]);
  });

  it("lists a portal that is new", async () => {
    const portals = new Portals();
    portals.put(portal("a"));
    portals.put(portal("a", 2));
    expect(portals.list.data?.map((one) => one.version)).toEqual([2]);
  });
});

describe("PortalAccounts", () => {
  const counts = { attention: 2, waiting: 3, agreed: 4 };
  const account = (index: number) => ({ account_id: `a${index}` }) as PortalAccountView;

  it("shows first what needs a person", () => {
    expect(firstFilter(counts)).toBe("attention");
    expect(firstFilter({ ...counts, attention: 0 })).toBe("all");
    expect(countOf(counts, "all")).toBe(9);
    expect(countOf(counts, "waiting")).toBe(3);
  });

  it("asks for one state or for all, by key", async () => {
    answer = () => ({ rows: [] });
    const accounts = new PortalAccounts("p");
    await accounts.read("waiting", { limit: 100, after: "k" });
    await accounts.read("all", { limit: 100 });
    expect(asked.map((one) => one.args)).toEqual([
      { portal_id: "p", state: "waiting", page: { limit: 100, after: "k" } },
      { portal_id: "p", page: { limit: 100 } },
    ]);
  });

  it("reads from the first row again: keys hold within one reading", () => {
    const accounts = new PortalAccounts("p");
    const before = accounts.query("all");
    expect(accounts.query("waiting")).not.toBe(before);
    accounts.again(counts);
    expect(accounts.query("all")).not.toBe(before);
  });

  it("says when the counts moved since the list was read", () => {
    const accounts = new PortalAccounts("p");
    expect(accounts.outdated(counts, "all")).toBe(false);
    accounts.counted(counts);
    expect(accounts.outdated(counts, "all")).toBe(false);
    const moved = { attention: 2, waiting: 2, agreed: 5 };
    expect(accounts.outdated(moved, "all")).toBe(true);
    expect(accounts.outdated(moved, "waiting")).toBe(true);
    expect(accounts.outdated(moved, "attention")).toBe(false);
    accounts.again(moved);
    expect(accounts.outdated(moved, "all")).toBe(false);
  });

  it("tries many again in calls of at most 500, and all in one", async () => {
    const these = ({ which }: RetryPortalAccounts) => (which === "all" ? undefined : which.these.length);
    answer = (_command, args) => ({ accounts: these(args as RetryPortalAccounts) ?? 7 });
    const accounts = new PortalAccounts("p");
    expect(await accounts.retry(Array.from({ length: 1_001 }, (_, index) => account(index)))).toBe(1_001);
    expect(asked.map((one) => these(one.args as RetryPortalAccounts))).toEqual([500, 500, 1]);
    expect(await accounts.retry()).toBe(7);
    expect(asked.at(-1)?.args).toEqual({ portal_id: "p", which: "all" });
  });

  it("tries the chosen ones once however often it is pressed, and keeps the list where that failed", async () => {
    let fail: (error: unknown) => void = () => undefined;
    answer = () => new Promise((_, reject) => (fail = reject));
    const accounts = new PortalAccounts("p");
    const first = accounts.retryChosen([account(1)]);
    expect(await accounts.retryChosen([account(1)])).toBeUndefined();
    expect(asked).toHaveLength(1);
    fail(new CallError({ code: "server_unreachable", detail: "" }));
    expect(await first).toBeUndefined();
    expect([accounts.failed?.code, accounts.error, accounts.trying]).toEqual([
      "server_unreachable",
      undefined,
      false,
    ]);
    answer = () => ({ accounts: 1 });
    expect(await accounts.retryChosen([account(1)])).toBe(1);
    expect(accounts.failed).toBeUndefined();
  });
});
