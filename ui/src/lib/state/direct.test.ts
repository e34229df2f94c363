import { beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { DirectAccountView } from "$lib/api/bindings/DirectAccountView";
import type { DirectComparison } from "$lib/api/bindings/DirectComparison";
import type { DirectPortalView } from "$lib/api/bindings/DirectPortalView";
import type { DriftRow } from "$lib/api/bindings/DriftRow";
import type { ReprovisionAccounts } from "$lib/api/bindings/ReprovisionAccounts";
import { CallError } from "$lib/api/error";

import { DirectPortals, isAway } from "./direct.svelte";
import { DirectAccount, DirectBox } from "./directAccount.svelte";
import { DirectComparing, progressOf } from "./directComparing.svelte";
import { WritingAgain } from "./writingAgain.svelte";

const portal = (id: string, more: Partial<DirectPortalView> = {}) =>
  ({ portal_id: id, name: id, taken_at: 1, accounts: 3, warnings: [], ...more }) as DirectPortalView;
const failure = (code: CallError["code"], detail = "") => new CallError({ code, detail });

let asked: { command: string; args: unknown }[];
let answer: (command: string, args: unknown) => unknown;
const commands = () => asked.map((one) => one.command);

beforeEach(() => {
  asked = [];
  useTransport({
    call: async (command, args) => {
      asked.push({ command, args });
      return structuredClone(await answer(command, args));
    },
    listen: () => () => undefined,
  });
});

describe("DirectPortals", () => {
  async function opened(...ids: string[]): Promise<DirectPortals> {
    answer = () => ids.map((id) => portal(id));
    const direct = new DirectPortals();
    await direct.list.load();
    return direct;
  }

  it("lists by name what is set up, and sends no password where none is asked for", async () => {
    const direct = await opened("m", "z");
    answer = (_, args) => portal((args as { portal_id: string }).portal_id);
    await direct.setUp("a", undefined);
    expect(asked.at(-1)).toEqual({ command: "set_up_direct_portal", args: { portal_id: "a" } });
    await direct.setUp("p", "secret");
    expect(asked.at(-1)?.args).toEqual({ portal_id: "p", password: "secret" });
    expect(direct.list.data?.map((one) => one.portal_id)).toEqual(["a", "m", "p", "z"]);
  });

  it("keeps nothing of what could not be set up, and leaves the words to the form", async () => {
    const direct = await opened();
    answer = () => {
      throw failure("portal_unavailable", "wrong password");
    };
    await expect(direct.setUp("a", "no")).rejects.toMatchObject({ code: "portal_unavailable" });
    expect(direct.list.data).toEqual([]);
  });

  it("renews in place, and says of one portal why it was not renewed", async () => {
    const direct = await opened("a", "b");
    answer = () => portal("b", { taken_at: 9 });
    await direct.renew("b");
    expect(direct.one("b")?.taken_at).toBe(9);
    answer = (command) => {
      if (command === "direct_portals") return [portal("b")];
      throw failure("not_found");
    };
    await direct.renew("a");
    expect(direct.upkeep("a").error?.code).toBe("not_found");
    expect(direct.upkeep("b").error).toBeUndefined();
    // Central does not have it any more: neither has this computer.
    expect(direct.one("a")).toBeUndefined();
  });

  it("forgets when asked to, and not when that failed", async () => {
    const direct = await opened("a", "b");
    answer = () => {
      throw failure("vault_unavailable");
    };
    await expect(direct.forget("a")).rejects.toMatchObject({ code: "vault_unavailable" });
    expect(direct.one("a")).toBeDefined();
    answer = () => null;
    await direct.forget("a");
    expect(direct.list.data?.map((one) => one.portal_id)).toEqual(["b"]);
  });

  it("tells Central's absence from other failures", () => {
    expect(isAway(failure("server_unreachable"))).toBe(true);
    expect(isAway(failure("not_signed_in"))).toBe(false);
    expect(isAway(undefined)).toBe(false);
  });
});

describe("DirectAccount", () => {
  const found = { account_number: "7", waiting: false, fields: [] } as unknown as DirectAccountView;

  it("never shows one account while another one is asked for", async () => {
    answer = () => found;
    const account = new DirectAccount("p");
    await account.look("anna");
    expect(account.found).toEqual(found);
    let come: (view: DirectAccountView) => void = () => undefined;
    answer = () => new Promise((resolve) => (come = resolve));
    const look = account.look("babak");
    expect(account.found).toBeUndefined();
    come(found);
    await look;
    expect(account.found).toEqual(found);
    // The same once more: what was seen stays until it comes.
    answer = () => new Promise((resolve) => (come = resolve));
    const again = account.look("babak");
    expect(account.found).toEqual(found);
    come(found);
    await again;
  });

  it("shows the one that was asked for last, though the portal still answers for the one before", async () => {
    const come: ((view: DirectAccountView) => void)[] = [];
    answer = () => new Promise((resolve) => come.push(resolve as (view: DirectAccountView) => void));
    const account = new DirectAccount("p");
    const first = account.look("anna");
    const second = account.look("babak");
    come[1]!({ ...found, account_number: "8" });
    await second;
    come[0]!(found);
    await first;
    expect([account.asked, account.found?.account_number, account.busy]).toEqual(["babak", "8", false]);
  });

  it("takes away what it showed when the portal does not answer", async () => {
    answer = () => found;
    const account = new DirectAccount("p");
    await account.look("anna");
    answer = () => {
      throw failure("portal_unavailable", "no answer");
    };
    await account.look("anna");
    expect(account.found).toBeUndefined();
    expect(account.error?.api.detail).toBe("no answer");
  });
});

describe("DirectBox", () => {
  it("tells a lost answer as unknown, and what was refused or not written down as it is", async () => {
    const outcomes = async (code: CallError["code"]) => {
      answer = () => {
        throw failure(code);
      };
      const box = new DirectBox("p", "a");
      await box.act({ kind: "reboot" });
      return box.done?.acted?.outcome ?? box.done?.error?.code;
    };
    expect(await outcomes("internal")).toBe("unknown");
    expect(await outcomes("portal_unavailable")).toBe("portal_unavailable");
    expect(await outcomes("storage_failed")).toBe("storage_failed");
    expect(commands()).toEqual(["act_directly", "act_directly", "act_directly"]);
  });
});

describe("DirectComparing", () => {
  const row = (key: string, kind: DriftRow["kind"]) => ({ key, kind, fields: [] }) as unknown as DriftRow;
  const comparison = (more: Partial<DirectComparison> = {}): DirectComparison => ({
    portal_id: "p",
    state: "running",
    started_at: 1,
    accounts: 0,
    counts: { differs: 0, missing: 0, unlinked: 0, unknown: 0 },
    rows: [],
    ...more,
  });
  const ended = comparison({
    state: "done",
    counts: { differs: 0, missing: 1, unlinked: 0, unknown: 700 },
    rows: [row("m", "missing"), row("u", "unknown")],
  });

  it("finds again what is running, follows it to its end, and asks no more then", async () => {
    answer = () => comparison();
    const comparing = new DirectComparing("p");
    await comparing.latest.load();
    expect([comparing.running, comparing.listed]).toEqual([true, false]);
    answer = () => comparison({ accounts: 40, of: 100 });
    await comparing.follow(1_000);
    answer = () => comparison({ accounts: 80, of: 100 });
    await comparing.follow(5_000);
    expect(comparing.rate).toBe(10);
    expect(comparing.left).toBe(2_000);
    const before = comparing.query("missing");
    answer = () => ended;
    await comparing.follow(6_000);
    expect([comparing.running, comparing.listed, comparing.rate]).toEqual([false, true, undefined]);
    expect(comparing.query("missing")).not.toBe(before);
    const calls = asked.length;
    await comparing.follow(7_000);
    expect(asked).toHaveLength(calls);
  });

  it("shows first what there is some of, and lists each kind by itself", async () => {
    answer = () => ended;
    const comparing = new DirectComparing("p");
    await comparing.latest.load();
    expect(comparing.firstKind).toBe("missing");
    expect(comparing.disagreeing).toBe(701);
    expect(comparing.rows("unknown").map((one) => one.key)).toEqual(["u"]);
  });

  it("concludes nothing from one that failed", async () => {
    answer = () => ({ ...ended, state: "failed" });
    const comparing = new DirectComparing("p");
    await comparing.latest.load();
    expect(comparing.listed).toBe(false);
    answer = () => null;
    await comparing.latest.load();
    expect([comparing.running, comparing.listed, comparing.disagreeing]).toEqual([false, false, 0]);
  });

  it("is not overtaken by an answer from before it was cancelled", async () => {
    answer = () => comparison();
    const comparing = new DirectComparing("p");
    await comparing.compare();
    let late: (value: DirectComparison) => void = () => undefined;
    answer = (command) =>
      command === "direct_comparison"
        ? new Promise((resolve) => (late = resolve))
        : comparison({ state: "cancelled" });
    const turn = comparing.follow(1_000);
    await comparing.cancel();
    late(comparison({ accounts: 9 }));
    await turn;
    expect(comparing.latest.data?.state).toBe("cancelled");
  });

  it("says why it could not begin", async () => {
    answer = () => {
      throw failure("not_found");
    };
    const comparing = new DirectComparing("p");
    await comparing.compare();
    expect(comparing.error?.code).toBe("not_found");
    expect(comparing.busy).toBeUndefined();
  });

  it("has no length until the portal has listed everything", () => {
    expect(progressOf({ accounts: 3 })).toEqual({ phase: "listing", done: 3, total: undefined });
    expect(progressOf({ accounts: 3, of: 9 })).toEqual({ phase: "details", done: 3, total: 9 });
  });
});

describe("WritingAgain", () => {
  const steps = () =>
    asked.map(({ args }) => (args as ReprovisionAccounts).accounts.map((one) => one.step_id));

  it("asks under the same ids while nobody knows whether it was queued", async () => {
    const writing = new WritingAgain("p");
    answer = () => {
      throw failure("internal");
    };
    await expect(writing.ask(["a", "b"])).rejects.toMatchObject({ code: "internal" });
    answer = () => ({ queued: 2 });
    await writing.ask(["a", "b"]);
    await writing.ask(["a", "b"]);
    const [first, second, third] = steps();
    expect(new Set(first).size).toBe(2);
    expect(second).toEqual(first);
    // By then it is another wish.
    expect(third).not.toEqual(first);
    expect(writing.queued).toBe(2);
  });

  it("mints others after a refusal, and tells no count of before", async () => {
    const writing = new WritingAgain("p");
    answer = () => ({ queued: 1 });
    await writing.ask(["a"]);
    answer = () => {
      throw failure("not_found");
    };
    await expect(writing.ask(["a"])).rejects.toMatchObject({ code: "not_found" });
    expect(writing.queued).toBeUndefined();
    await expect(writing.ask(["a"])).rejects.toMatchObject({ code: "not_found" });
    expect(new Set(steps().flat()).size).toBe(3);
  });
});
