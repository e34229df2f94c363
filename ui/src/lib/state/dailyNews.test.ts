import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import { CallError } from "$lib/api/error";

import { ActivationNews } from "./activationNews";
import { EndingNews } from "./endingNews";
import { notifications } from "./notifications.svelte";

let activated: number;
let ending: { rows: object[]; next?: string };
let refusal: CallError | undefined;
let asked: string[];
let told: string[];
let heard: Map<string, (payload: never) => void>;

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(new Date(2026, 10, 23, 9));
  localStorage.clear();
  told = [];
  vi.spyOn(notifications, "tell").mockImplementation((_, { text }) => told.push(text));
  activated = 40;
  ending = { rows: [] };
  refusal = undefined;
  asked = [];
  heard = new Map();
  useTransport({
    call: async (command) => {
      asked.push(command);
      if (command === "status") return { last_sync_at: 1, connection: { state: "online" } };
      if (refusal) throw refusal;
      if (command === "codes_counts") return { by_state: [{ state: "activated", count: activated }] };
      return ending;
    },
    listen(event, handler) {
      heard.set(event, handler as never);
      return () => heard.delete(event);
    },
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const changed = (topic: string) => heard.get("changed")?.(topic as never);

async function activate(codes: number, later = 0): Promise<void> {
  activated += codes;
  changed("codes");
  await settle(later);
}

describe("activated codes", () => {
  it("are told at once, and those of the next minute together", async () => {
    const stop = new ActivationNews().start();
    await settle();
    expect(told).toEqual([]);
    await activate(1);
    expect(told).toEqual(["1 code was activated"]);
    told = [];
    await activate(5, 20_000);
    await activate(7, 20_000);
    expect(told).toEqual([]);
    await settle(20_000);
    expect(told).toEqual(["12 codes were activated"]);
    stop();
  });

  it("are told by nobody where there are many in a minute, and again once it is quiet", async () => {
    const stop = new ActivationNews().start();
    await settle();
    await activate(21);
    expect(told).toEqual([]);
    await settle(60_000);
    await activate(20);
    expect(told).toEqual(["20 codes were activated"]);
    stop();
  });

  it("are not told a second time after records were copied anew", async () => {
    const stop = new ActivationNews().start();
    await settle();
    await activate(-10);
    await activate(10);
    expect(told).toEqual([]);
    await activate(1);
    expect(told).toEqual(["1 code was activated"]);
    stop();
  });

  it("are of nobody's business once it was stopped", async () => {
    const stop = new ActivationNews().start();
    await settle();
    stop();
    await activate(3, 60_000);
    expect(told).toEqual([]);
  });
});

describe("services that end soon", () => {
  it("are told once a day, over a restart too", async () => {
    ending = { rows: [{}, {}] };
    new EndingNews("leila").start()();
    const stop = new EndingNews("leila").start();
    await settle();
    expect(told).toEqual(["2 services end within a week"]);
    changed("accounts");
    await settle(14 * 3_600_000);
    expect(told).toHaveLength(1);
    ending = { rows: [{}], next: "more" };
    await settle(2 * 3_600_000);
    expect(told).toHaveLength(2);
    expect(told.join()).toContain("More than 1 services end within a week");
    stop();
  });

  it("are looked for until there are any, and while Central or the shop shows none nothing is told", async () => {
    refusal = new CallError({ code: "not_granted", detail: "" });
    const stop = new EndingNews("leila").start();
    await settle();
    refusal = undefined;
    changed("accounts");
    await settle();
    expect(told).toEqual([]);
    ending = { rows: [{}] };
    changed("accounts");
    await settle();
    expect(told).toEqual(["1 service ends within a week"]);
    const reads = asked.length;
    changed("accounts");
    await settle();
    expect(asked).toHaveLength(reads);
    stop();
  });
});
