import { beforeEach, describe, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { SellRequest } from "$lib/api/bindings/SellRequest";
import { CallError } from "$lib/api/error";

import { Selling } from "./selling.svelte";

const order = { plan_id: "plan-1", quantity: 2 };
let asked: SellRequest[];
let answer: (request: SellRequest) => Promise<unknown>;

const sold = async (request: SellRequest) => ({
  sale_id: request.sale_id,
  codes: [],
  total: { value: 900, unit: "EUR" },
});
const fails = (thrown: unknown) => async () => {
  throw thrown;
};

beforeEach(() => {
  sessionStorage.clear();
  asked = [];
  answer = sold;
  useTransport({
    call: (_command, args) => {
      asked.push(args as SellRequest);
      return answer(args as SellRequest);
    },
    listen: () => () => undefined,
  });
});

describe("Selling", () => {
  it("mints a new id for each sale", async () => {
    const selling = new Selling();
    await selling.sell(order);
    await selling.sell(order);
    expect(asked).toHaveLength(2);
    expect(asked[0]!.sale_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(asked[0]!.sale_id).not.toBe(asked[1]!.sale_id);
  });

  it("makes one sale of two presses", async () => {
    const selling = new Selling();
    let done: (value: unknown) => void = () => undefined;
    answer = (request) => new Promise((resolve) => (done = () => resolve(sold(request))));
    const first = selling.sell(order);
    const second = await selling.sell(order);
    expect(second).toBeUndefined();
    done(undefined);
    await first;
    expect(asked).toHaveLength(1);
  });

  it.each([
    ["no answer", new TypeError("Failed to fetch")],
    ["a fault inside", new CallError({ code: "internal", detail: "" })],
    ["a disk that failed", new CallError({ code: "storage_failed", detail: "" })],
  ])("asks again under the same id after %s", async (_name, thrown) => {
    const selling = new Selling();
    answer = fails(thrown);
    await selling.sell(order);
    expect(selling.locked).toBe(true);
    // Another sale must not begin while this one may have been made.
    await selling.sell({ plan_id: "plan-2", quantity: 1 });
    expect(asked).toHaveLength(1);

    answer = sold;
    const sale = await selling.askAgain();
    expect(asked).toHaveLength(2);
    expect(asked[1]).toEqual(asked[0]);
    expect(sale?.sale_id).toBe(asked[0]!.sale_id);
    expect(selling.locked).toBe(false);
  });

  it("is free again after a refusal, with a new id", async () => {
    const selling = new Selling();
    answer = fails(new CallError({ code: "insufficient_lease", detail: "" }));
    await selling.sell(order);
    expect(selling.error?.code).toBe("insufficient_lease");
    expect(selling.locked).toBe(false);
    answer = sold;
    await selling.sell(order);
    expect(asked[1]!.sale_id).not.toBe(asked[0]!.sale_id);
    expect(selling.error).toBeUndefined();
  });

  it("remembers the unanswered sale over a reload", async () => {
    const before = new Selling();
    answer = fails(new TypeError("Failed to fetch"));
    await before.sell(order);

    const after = new Selling();
    expect(after.locked).toBe(true);
    answer = sold;
    await after.askAgain();
    expect(asked[1]!.sale_id).toBe(asked[0]!.sale_id);
    expect(new Selling().locked).toBe(false);
  });

  it("leaves nothing of a sale that is still on its way when its seller goes", async () => {
    const selling = new Selling();
    let done: (value: unknown) => void = () => undefined;
    answer = (request) => new Promise((resolve) => (done = () => resolve(sold(request))));
    const sale = selling.sell(order);
    selling.forget();
    done(undefined);
    expect(await sale).toBeUndefined();
    expect([selling.sale, selling.locked, new Selling().locked]).toEqual([undefined, false, false]);
  });

  it("sells without storage", async () => {
    const broken = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new Error("refused");
    });
    const selling = new Selling();
    expect(await selling.sell(order)).toBeDefined();
    broken.mockRestore();
  });
});
