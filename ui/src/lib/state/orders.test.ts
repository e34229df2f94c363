import { beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { AmountView } from "$lib/api/bindings/AmountView";
import type { OrderView } from "$lib/api/bindings/OrderView";
import { CallError } from "$lib/api/error";
import { doingsOf, leftToRefund, waitsSince } from "$lib/words/orders";

import {
  DetailsForm,
  detailsOfJson,
  detailsProblem,
  FulfilForm,
  OrderForm,
  orderedOf,
  OrderTries,
  placeDraft,
  RefundForm,
} from "./orderForms.svelte";
import { OrderList } from "./orders.svelte";

type Args = Record<string, unknown>;

const euros = (value: number) => ({ value, unit: "EUR" });
const order = {
  order_id: "o1",
  contract_id: "CF-0123456789",
  offering_id: "f1",
  offering_name: "Web space",
  state: "paid",
  quantity: 4,
  delivered: 1,
  unsent: 0,
  refunded: euros(100),
  price: { unit_base: "10", markup_percent: 12, total: euros(4_480) },
  customer: { name: "Nina", email: "nina@example.org", phone: "", note: "" },
  created_at: 1_000,
  placed_at: 2_000,
  paid_at: 3_000,
} as OrderView;
const offering = {
  offering_id: "f1",
  name: "Web space",
  unit_base: "10",
  markup_percent: 12,
  currency: "EUR",
};
const rights = { handle: true, refund: true, import: false };

let asked: [string, Args][];
let answer: (command: string) => unknown;

beforeEach(() => {
  asked = [];
  answer = () => ({ rows: [], counts: [{ state: "placed", orders: 3 }], rights });
  useTransport({
    call: (async (command: string, args: Args) => {
      asked.push([command, args]);
      return answer(command);
    }) as never,
    listen: () => () => undefined,
  });
});

describe("what can be done with an order", () => {
  it("follows its state, the next step first", () => {
    expect(doingsOf({ ...order, state: "draft" }, rights, false)).toEqual(["edit", "place", "cancel"]);
    expect(doingsOf({ ...order, state: "placed", paid_at: undefined }, rights, false)).toEqual([
      "pay",
      "cancel",
    ]);
    expect(doingsOf(order, rights, false)).toEqual(["submit", "fulfil", "refund", "fail"]);
    expect(doingsOf({ ...order, state: "refunded" }, rights, false)).toEqual([]);
  });

  it("is for staff to give money back, and for nobody who may not", () => {
    expect(doingsOf(order, { handle: false, refund: true, import: true }, true)).toEqual(["refund"]);
    expect(doingsOf(order, { handle: true, refund: false, import: false }, false)).not.toContain("refund");
    expect(doingsOf(order, { handle: false, refund: false, import: false }, false)).toEqual([]);
  });

  it("gives back no more than is left, and waits only while it is open", () => {
    expect(leftToRefund(order)).toBe(4_380);
    expect(leftToRefund({ ...order, paid_at: undefined })).toBe(0);
    expect(doingsOf({ ...order, refunded: euros(4_480) }, rights, false)).not.toContain("refund");
    expect(waitsSince(order)).toBe(3_000);
    expect(waitsSince({ ...order, state: "placed" })).toBe(2_000);
    expect(waitsSince({ ...order, state: "fulfilled" })).toBeUndefined();
  });

  it("waits for no more money than what was not delivered cost", () => {
    const failed = { ...order, state: "failed" } as const;
    expect(waitsSince({ ...failed, refunded: euros(3_359) })).toBe(3_000);
    expect(waitsSince({ ...failed, refunded: euros(3_360) })).toBeUndefined();
  });
});

describe("OrderList", () => {
  it("asks for what is chosen, and keeps what stands beside the rows", async () => {
    const list = new OrderList(false);
    list.state = "paid";
    list.search = "CF-01";
    await list.read({ limit: 100 });
    expect(asked).toEqual([["order_page", { search: "CF-01", state: "paid", page: { limit: 100 } }]]);
    expect(list.counts).toEqual([{ state: "placed", orders: 3 }]);
    expect(list.rights.refund).toBe(true);
    expect(list.filtered).toBe(true);
    list.clear();
    expect(list.filtered).toBe(false);
  });

  it("keeps its counts when an earlier search answers late", async () => {
    const list = new OrderList(false);
    let late: (page: unknown) => void = () => undefined;
    answer = () => new Promise((resolve) => (late = resolve));
    const before = list.read({ limit: 100 });
    list.search = "CF-01";
    answer = () => ({ rows: [], counts: [{ state: "paid", orders: 1 }], rights });
    await list.read({ limit: 100 });
    late({ rows: [], counts: [{ state: "placed", orders: 3 }], rights });
    await before;
    expect(list.counts).toEqual([{ state: "paid", orders: 1 }]);
  });

  it("is kept as a file as it was listed, whatever is chosen meanwhile", async () => {
    const list = new OrderList(false);
    list.state = "paid";
    const read = list.reader();
    await read({ limit: 500 });
    list.state = "placed";
    await read({ after: "k", limit: 500 });
    expect(asked.map(([, args]) => args.state)).toEqual(["paid", "paid"]);
  });

  it("asks Central where staff look, and never for a jump", async () => {
    const list = new OrderList(true);
    list.reseller = "r1";
    await list.read({ after: "k", limit: 50 });
    expect(asked).toEqual([
      ["staff_order_page", { search: "", reseller_id: "r1", page: { after: "k", limit: 50 } }],
    ]);
  });
});

describe("a search that is still being typed", () => {
  const sought = async (staff: boolean, search: string) => {
    const list = new OrderList(staff);
    list.search = search;
    await list.read({ limit: 50 });
    return asked.at(-1)![1]["search"];
  };

  it("is not sent to Central before it would look for it", async () => {
    for (const search of ["c", "CF", "cf-7k"]) expect(await sought(true, search), search).toBe("");
    for (const search of ["7k2", "cf-7k2", "a@"]) expect(await sought(true, search), search).toBe(search);
  });

  it("is looked for at once in this device's memory", async () => {
    expect(await sought(false, "cf")).toBe("cf");
  });
});

describe("details", () => {
  it.each([
    ['{"login":"amber-17"}', [{ name: "login", text: "amber-17" }]],
    ["{}", []],
    ["[]", undefined],
    ['{"a":1}', undefined],
    ['{"a":{"b":"c"}}', undefined],
    ["null", undefined],
    ["login", undefined],
  ])("%s is %j", (json, expected) => expect(detailsOfJson(json)).toEqual(expected));

  it("say what is wrong with them", () => {
    const row = (name: string, text: string) => ({ name, text });
    expect(detailsProblem([row("login", "amber-17")])).toBeUndefined();
    for (const wrong of [
      [row("", "x")],
      [row("a".repeat(41), "x")],
      [row("a\u0007", "x")],
      [row("a", "")],
      [row("a", "x".repeat(501))],
      [row("a", "x"), row("a", "y")],
      Array.from({ length: 21 }, (_, at) => row(`n${at}`, "x")),
    ])
      expect(detailsProblem(wrong), JSON.stringify(wrong).slice(0, 60)).toBeDefined();
  });

  it("are written line by line or as JSON, and what is written is kept", () => {
    const form = new DetailsForm();
    expect(form.texts).toEqual([]);
    form.rows[0]!.name = " login ";
    form.rows[0]!.text = "amber-17";
    form.turn();
    expect(JSON.parse(form.json)).toEqual({ login: "amber-17" });
    form.json = "{";
    expect(form.problem).toBeDefined();
    form.turn();
    expect(form.asJson).toBe(true);
    form.json = '{"login":"amber-18"}';
    form.turn();
    expect(form.rows).toEqual([{ name: "login", text: "amber-18" }]);
    form.remove(0);
    expect(form.rows).toHaveLength(1);
    expect(form.texts).toEqual([]);
  });
});

describe("FulfilForm", () => {
  it("delivers what is left, and never more", () => {
    const form = new FulfilForm(order);
    expect(form.units).toBe("3");
    expect(form.request()).toEqual({ contract_id: "CF-0123456789", units: 3, details: [] });
    for (const units of ["0", "4", "1.5", "", "x"]) {
      form.units = units;
      expect(form.request(), units).toBeUndefined();
    }
    form.units = "2";
    form.externalId = " NL-1 ";
    expect(form.request()).toMatchObject({ units: 2, external_id: "NL-1" });
  });
});

describe("RefundForm", () => {
  it("begins with all that is left", () => {
    const form = new RefundForm(order);
    expect(form.amount).toBe("43.80");
    expect(form.value).toBe(4_380);
    for (const amount of ["43.81", "0", "-1", "1.234", ""]) {
      form.amount = amount;
      expect(form.problems.amount, amount).toBeDefined();
    }
    expect(form.problems.reason).toBeDefined();
    form.reason = "Agreed on the phone";
    expect(form.problems.reason).toBeUndefined();
  });
});

describe("OrderForm", () => {
  const quoted = () => asked.filter(([command]) => command === "order_quote").map(([, args]) => args);

  it("is sent as it was typed, once nothing is wrong", () => {
    const form = new OrderForm(offering);
    expect(form.request(true)).toBeUndefined();
    form.name = " Nina ";
    form.email = "nina@example.org";
    form.quantity = "3";
    expect(form.request(true)).toEqual({
      offering_id: "f1",
      quantity: 3,
      customer: { name: "Nina", email: "nina@example.org", phone: "", note: "" },
      place: true,
    });
    for (const quantity of ["0", "1001", "1.5"]) {
      form.quantity = quantity;
      expect(form.problems.quantity, quantity).toBeDefined();
    }
  });

  it("shows what the core says it costs, and nothing while that is not known", async () => {
    const form = new OrderForm({ ...offering, unit_base: "0.833333333", markup_percent: 11 });
    answer = () => ({ each: euros(93), total: euros(277) });
    form.quantity = "3";
    expect(form.quote).toBeUndefined();
    expect((await form.price())?.total).toEqual(euros(277));
    expect(form.quote?.total).toEqual(euros(277));
    expect(quoted()).toEqual([
      { unit_base: "0.833333333", markup_percent: 11, currency: "EUR", quantity: 3 },
    ]);
    await form.price();
    expect(quoted()).toHaveLength(1);
    form.quantity = "4";
    expect(form.quote).toBeUndefined();
    form.quantity = "3";
    form.renew({ ...offering });
    expect(form.quote).toBeUndefined();
    form.quantity = "0";
    expect(await form.price()).toBeUndefined();
    expect(quoted()).toHaveLength(1);
  });

  it("does not show the price of what stood there before", async () => {
    const form = new OrderForm(offering);
    let tell: (quote: unknown) => void = () => undefined;
    answer = () => new Promise((resolve) => (tell = resolve));
    const early = form.price();
    form.quantity = "2";
    tell({ each: euros(1_120), total: euros(1_120) });
    await early;
    expect(form.quote).toBeUndefined();
  });

  it("begins with what stands in a draft", () => {
    const form = new OrderForm(orderedOf(order), order);
    expect(form.quantity).toBe("4");
    expect(form.offering).toEqual(offering);
    expect(form.request(false)).toMatchObject({ contract_id: "CF-0123456789", quantity: 4 });
  });
});

describe("OrderTries", () => {
  it("remembers that a try may have arrived when the next one is refused", () => {
    const tries = new OrderTries();
    const failed = (code: "conflict" | "server_unreachable") => {
      tries.failed(new CallError({ code, detail: "" }));
      return [tries.pending, tries.unsure];
    };
    expect(failed("conflict")).toEqual([false, false]);
    expect(failed("server_unreachable")).toEqual([true, false]);
    expect(failed("conflict")).toEqual([false, true]);
  });
});

describe("placeDraft", () => {
  const draft = { ...order, state: "draft", paid_at: undefined } as OrderView;

  /** What becomes of placing it at 44.80 when it stands like this by then. */
  async function refused(now: OrderView): Promise<AmountView[]> {
    answer = (command) => {
      if (command === "place_order")
        throw new CallError({ code: "conflict", detail: "the total is another one" });
      return { order: now };
    };
    const told: AmountView[] = [];
    const placed = placeDraft(draft.contract_id, euros(4_480), "s1", (total) => void told.push(total));
    await expect(placed).rejects.toThrow("conflict");
    return told;
  }

  it("writes it anew as it stands by now, and a colleague's change stays", async () => {
    const changed = { ...draft, quantity: 2, price: { ...draft.price, total: euros(2_240) } };
    expect(await refused(changed)).toEqual([euros(2_240)]);
    expect(asked.map(([command]) => command)).toEqual(["place_order", "order", "save_order"]);
    expect(asked[2]![1]).toMatchObject({ order_id: "o1", quantity: 2, place: false });
  });

  it("leaves alone what is no draft any more", async () => {
    expect(await refused({ ...draft, state: "placed" })).toEqual([]);
    expect(asked.map(([command]) => command)).toEqual(["place_order", "order"]);
  });
});
