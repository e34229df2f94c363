import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { OrderCountView } from "$lib/api/bindings/OrderCountView";
import type { OrderView } from "$lib/api/bindings/OrderView";

import { OrderNews } from "./orderNews.svelte";
import { toasts } from "./toasts.svelte";

const row = (contract_id: string, source = "market", state = "placed") =>
  ({
    contract_id,
    source,
    state,
    offering_name: "Web space",
    price: { total: { value: 1_120, unit: "EUR" } },
  }) as OrderView;

let rows: OrderView[];
let counts: OrderCountView[];
let synced: number | undefined;
let tell: (event: string, payload: unknown) => void;

beforeEach(() => {
  vi.useFakeTimers();
  toasts.list = [];
  rows = [row("CF-1")];
  counts = [];
  synced = 1;
  const heard = new Map<string, (payload: never) => void>();
  tell = (event, payload) => heard.get(event)?.(payload as never);
  useTransport({
    call: async (command) => (command === "status" ? { last_sync_at: synced } : { rows, counts }),
    listen(event, handler) {
      heard.set(event, handler as never);
      return () => heard.delete(event);
    },
  });
});

afterEach(() => vi.useRealTimers());

/** Everything that was begun is done. */
const settle = () => vi.advanceTimersByTimeAsync(2_000);

async function arrives(...more: OrderView[]): Promise<string[]> {
  rows = [...more, ...rows];
  tell("changed", "orders");
  await settle();
  return toasts.list.map((toast) => toast.text);
}

describe("new orders", () => {
  it("are told once, and not those that were there", async () => {
    const stop = new OrderNews().start();
    await settle();
    expect(toasts.list).toEqual([]);
    const told = await arrives(row("CF-2"));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("CF-2");
    expect(toasts.list[0]?.action).toBeDefined();
    expect(await arrives()).toHaveLength(1);
    stop();
  });

  it("are told together when many come at once", async () => {
    const stop = new OrderNews().start();
    await settle();
    expect(await arrives(row("CF-2"), row("CF-3"))).toEqual(["2 new orders"]);
    stop();
  });

  it("are those of customers that wait: not the shop's own, and not what was paid already", async () => {
    const stop = new OrderNews().start();
    await settle();
    expect(await arrives(row("CF-2", "reseller"), row("CF-3", "market", "paid"))).toEqual([]);
    stop();
  });

  it("are not what the first sync brings", async () => {
    synced = undefined;
    rows = [];
    const stop = new OrderNews().start();
    await settle();
    rows = [row("CF-1"), row("CF-2")];
    tell("status", { last_sync_at: 5 });
    await settle();
    expect(toasts.list).toEqual([]);
    expect(await arrives(row("CF-3"))).toHaveLength(1);
    stop();
  });

  it("are counted where the shop has still to deliver", async () => {
    const news = new OrderNews();
    counts = [
      { state: "placed", orders: 40 },
      { state: "paid", orders: 3 },
      { state: "pending", orders: 2 },
      { state: "partial", orders: 1 },
      { state: "fulfilled", orders: 90 },
    ];
    const stop = news.start();
    await settle();
    expect(news.waiting).toBe(6);
    counts = [];
    await arrives();
    expect(news.waiting).toBe(0);
    stop();
  });

  it("are no longer told once it was stopped", async () => {
    const stop = new OrderNews().start();
    await settle();
    stop();
    expect(await arrives(row("CF-2"))).toEqual([]);
  });
});
