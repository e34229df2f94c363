import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { Status } from "$lib/api/bindings/Status";
import { CallError } from "$lib/api/error";

import { Arrivals, type Watched } from "./arrivals";

interface Row {
  id: string;
  state: string;
}

let rows: Row[];
let refusal: CallError | undefined;
let reads: number;
let told: string[][];
let status: Partial<Status>;
let tell: (event: string, payload: unknown) => void;

const list = (more: Partial<Watched<Row>> = {}) =>
  new Arrivals<Row>({
    topic: "top_ups",
    async read() {
      reads += 1;
      if (refusal) throw refusal;
      return rows;
    },
    key: ({ id, state }) => `${id}:${state}`,
    matters: ({ state }) => state !== "cancelled",
    tell: (fresh) => told.push(fresh.map(({ id, state }) => `${id} ${state}`)),
    ...more,
  });

beforeEach(() => {
  vi.useFakeTimers();
  rows = [{ id: "a", state: "open" }];
  refusal = undefined;
  reads = 0;
  told = [];
  status = { last_sync_at: 1, connection: { state: "online" } };
  const heard = new Map<string, (payload: never) => void>();
  tell = (event, payload) => heard.get(event)?.(payload as never);
  useTransport({
    call: async () => status,
    listen(event, handler) {
      heard.set(event, handler as never);
      return () => heard.delete(event);
    },
  });
});

afterEach(() => vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(3_000);

async function change(next: Row[]): Promise<void> {
  rows = next;
  tell("changed", "top_ups");
  await settle();
}

describe("what arrives in a list", () => {
  it("is told once, in each state that matters, and a burst together", async () => {
    const stop = list().start();
    await settle();
    await change([{ id: "a", state: "approved" }]);
    await change(rows);
    await change([{ id: "b", state: "cancelled" }, ...rows]);
    await change([{ id: "d", state: "open" }, { id: "c", state: "open" }, ...rows]);
    expect(told).toEqual([["a approved"], ["d open", "c open"]]);
    stop();
  });

  it("is not looked for while something else changes", async () => {
    const stop = list().start();
    await settle();
    tell("changed", "orders");
    await settle();
    expect(reads).toBe(1);
    stop();
  });

  it("waits for Central where only Central knows it", async () => {
    status = { last_sync_at: 1, connection: { state: "offline", since: 0 } };
    const stop = list({ central: true }).start();
    await settle();
    expect(reads).toBe(0);
    tell("status", { last_sync_at: 1, connection: { state: "online" } });
    await settle();
    expect(reads).toBe(1);
    await change([{ id: "b", state: "open" }, ...rows]);
    expect(told).toEqual([["b open"]]);
    stop();
  });

  it("is told later where a look did not come to its end", async () => {
    const stop = list().start();
    await settle();
    refusal = new CallError({ code: "server_unreachable", detail: "" });
    await change([{ id: "b", state: "open" }, ...rows]);
    expect([reads, told]).toEqual([2, []]);
    refusal = undefined;
    tell("status", status);
    await settle();
    expect(told).toEqual([["b open"]]);
    stop();
  });

  it("is not asked for again by somebody who may not see it", async () => {
    refusal = new CallError({ code: "not_permitted", detail: "" });
    const stop = list({ central: true }).start();
    await settle();
    for (let again = 0; again < 3; again++) {
      tell("status", status);
      await settle();
    }
    expect(reads).toBe(1);
    stop();
  });

  it("is told by nobody once it was stopped, also of a look under way", async () => {
    let answer: (rows: Row[]) => void = () => undefined;
    const arrivals = list({ read: () => new Promise((done) => (answer = done)) });
    const stop = arrivals.start();
    await settle();
    answer([]);
    await settle();
    tell("changed", "top_ups");
    stop();
    answer(rows);
    await settle();
    expect(told).toEqual([]);
  });
});
