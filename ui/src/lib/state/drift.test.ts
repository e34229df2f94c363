import { beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { DriftReport } from "$lib/api/bindings/DriftReport";
import type { PortalJob } from "$lib/api/bindings/PortalJob";
import type { RepairDrift } from "$lib/api/bindings/RepairDrift";
import type { SyncPortal } from "$lib/api/bindings/SyncPortal";
import { CallError } from "$lib/api/error";

import { Drift, firstKind } from "./drift.svelte";
import { Repair } from "./repair.svelte";

const job = (id: string, more: Partial<PortalJob> = {}) =>
  ({
    job_id: id,
    state: "running",
    phase: "details",
    kind: "sync_changes",
    started_at: 1,
    done: 0,
    ...more,
  }) as PortalJob;
const report = {
  as_of: 1,
  accounts: 9,
  counts: { differs: 1, missing: 0, unlinked: 0, unknown: 2 },
} as DriftReport;

let asked: { command: string; args: unknown }[];
let answer: (command: string, args: unknown) => unknown;
const count = (command: string) => asked.filter((one) => one.command === command).length;
const conflict = () => new CallError({ code: "conflict", detail: "" });

beforeEach(() => {
  asked = [];
  useTransport({
    call: async (command, args) => {
      asked.push({ command, args });
      return structuredClone(answer(command, args));
    },
    listen: () => () => undefined,
  });
});

async function opened(jobs: PortalJob[]): Promise<Drift> {
  answer = (command) => (command === "portal_jobs" ? jobs : report);
  const drift = new Drift("p");
  await drift.load();
  return drift;
}

describe("Drift", () => {
  it("finds again what is on its way, and follows it to its end", async () => {
    const drift = await opened([job("old", { state: "done" }), job("new", { started_at: 2 })]);
    expect(drift.shown?.job_id).toBe("new");
    const before = drift.query("differs");
    answer = (command) => (command === "portal_job" ? job("new", { started_at: 2, done: 5 }) : report);
    await drift.follow(1_000);
    expect(drift.shown?.done).toBe(5);
    expect(drift.query("differs")).toBe(before);
    answer = (command) => (command === "portal_job" ? job("new", { started_at: 2, state: "done" }) : report);
    await drift.follow(2_000);
    // Its end is told, and what was found is read.
    expect(drift.shown?.state).toBe("done");
    await expect.poll(() => drift.query("differs")).not.toBe(before);
    expect(count("portal_drift")).toBe(2);
    drift.dismiss(drift.shown!);
    expect(drift.shown).toBeUndefined();
  });

  it("does not tell of what ended before anybody looked", async () => {
    const drift = await opened([job("a", { state: "done" })]);
    expect(drift.shown).toBeUndefined();
    const failed = await opened([job("a", { state: "failed" })]);
    expect(failed.shown?.state).toBe("failed");
  });

  it("looks now and then for what others began", async () => {
    const drift = await opened([job("a", { state: "done" })]);
    answer = (command) => (command === "portal_jobs" ? [job("b", { started_at: 3 })] : report);
    for (let turn = 0; turn < 9; turn += 1) await drift.follow(turn * 1_000);
    expect(count("portal_jobs")).toBe(1);
    await drift.follow(9_000);
    expect(drift.shown?.job_id).toBe("b");
  });

  it("asks again under the same id when nobody knows whether it began", async () => {
    const drift = await opened([]);
    const ids = () =>
      asked.filter((one) => one.command === "sync_portal").map((one) => (one.args as SyncPortal).job_id);
    answer = () => {
      throw new CallError({ code: "server_unreachable", detail: "" });
    };
    await drift.look(true);
    expect(drift.error?.code).toBe("server_unreachable");
    answer = (command) => {
      if (command === "sync_portal") throw conflict();
      return [job("theirs")];
    };
    await drift.look(true);
    expect(new Set(ids()).size).toBe(1);
    // Somebody else was faster: theirs is shown. The next is another job.
    expect(drift.shown?.job_id).toBe("theirs");
    answer = (_, args) => job((args as SyncPortal).job_id, { started_at: 4 });
    await drift.look(true);
    expect(new Set(ids()).size).toBe(2);
  });

  it("is not overtaken by an answer from before it was cancelled", async () => {
    const drift = await opened([job("a")]);
    let late: (value: PortalJob) => void = () => undefined;
    answer = (command) => (command === "cancel_job" ? job("a", { state: "cancelled" }) : report);
    const known = answer;
    useTransport({
      call: (command, args) =>
        command === "portal_job"
          ? new Promise((resolve) => (late = resolve as typeof late))
          : Promise.resolve(known(command, args)),
      listen: () => () => undefined,
    });
    const turn = drift.follow(1_000);
    await drift.cancel(drift.latest!);
    late(job("a", { done: 9 }));
    await turn;
    expect(drift.latest?.state).toBe("cancelled");
  });

  it("shows first what there is some of", () => {
    expect(firstKind(report.counts)).toBe("differs");
    expect(firstKind({ differs: 0, missing: 0, unlinked: 0, unknown: 2 })).toBe("unknown");
    expect(firstKind(undefined)).toBe("differs");
  });
});

describe("Repair", () => {
  const target = { kind: "differs" as const, keys: ["a", "b"], count: 2 };
  const sent = () =>
    asked.filter((one) => one.command === "repair_drift").map((one) => one.args as RepairDrift);

  it("does what was shown, and nothing before it was shown", async () => {
    answer = (command) => (command === "preview_repair" ? { as_of: 5, repaired: 2 } : job("r"));
    const repair = new Repair("p", target);
    expect(await repair.run()).toBeUndefined();
    expect(asked).toEqual([]);
    await repair.choose("central");
    await repair.run();
    expect(sent()).toMatchObject([{ toward: "central", which: { these: ["a", "b"] }, as_of: 5 }]);
  });

  it("is another repair once the direction is changed, and the same when its answer was lost", async () => {
    const repair = new Repair("p", { kind: "unknown", count: 9 });
    answer = (command) => {
      if (command === "preview_repair") return { as_of: 5, repaired: 2 };
      throw new CallError({ code: "server_unreachable", detail: "" });
    };
    await repair.choose("portal");
    await repair.run();
    await repair.run();
    await repair.choose("central");
    await repair.run();
    const [first, second, third] = sent().map((one) => one.job_id);
    expect(first).toBe(second);
    expect(third).not.toBe(second);
    expect(sent()[0]?.which).toEqual({ all: "unknown" });
  });

  it("may have begun when nobody answered, until another direction is looked at", async () => {
    answer = (command) => {
      if (command === "preview_repair") return { as_of: 5, repaired: 2 };
      throw new CallError({ code: "server_unreachable", detail: "" });
    };
    const repair = new Repair("p", target);
    await repair.choose("portal");
    expect(repair.pending).toBe(false);
    await repair.run();
    expect(repair.pending).toBe(true);
    await repair.choose("central");
    expect(repair.pending).toBe(false);
  });

  it("shows anew what was looked at since, and does not do it unasked", async () => {
    let asOf = 5;
    answer = (command) => {
      if (command === "preview_repair") return { as_of: asOf, repaired: 2 };
      asOf = 6;
      throw conflict();
    };
    const repair = new Repair("p", target);
    await repair.choose("portal");
    expect(await repair.run()).toBeUndefined();
    expect(repair.outdated).toBe(true);
    expect(repair.preview?.as_of).toBe(6);
    expect(repair.error).toBeUndefined();
    expect(sent()).toHaveLength(1);
  });

  it("says that something else is running", async () => {
    answer = (command) => {
      if (command === "preview_repair") return { as_of: 5, repaired: 2 };
      throw conflict();
    };
    const repair = new Repair("p", target);
    await repair.choose("portal");
    await repair.run();
    expect(repair.outdated).toBe(false);
    expect(repair.error?.code).toBe("conflict");
  });

  it("knows where there is only one way", () => {
    const only = (kind: "differs" | "missing" | "unlinked" | "unknown") =>
      new Repair("p", { kind, count: 1 }).onlyDirection;
    expect([only("differs"), only("missing"), only("unlinked"), only("unknown")]).toEqual([
      undefined,
      "portal",
      undefined,
      "central",
    ]);
  });
});
