import { beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { ProviderAccountView } from "$lib/api/bindings/ProviderAccountView";
import type { ProviderStatementView } from "$lib/api/bindings/ProviderStatementView";
import type { StatementLineView } from "$lib/api/bindings/StatementLineView";
import { CallError } from "$lib/api/error";

import {
  ALL_RESELLERS,
  balances,
  SettleForm,
  Settlements,
  Statement,
  statementFile,
} from "./providerAccounts.svelte";

const euros = (value: number) => ({ value, unit: "EUR" });
const account = (relationship_id: string, payable: number) =>
  ({
    relationship_id,
    company: relationship_id,
    customers: euros(payable + 12),
    payable: euros(payable),
    settled: euros(0),
    markup: euros(12),
  }) as ProviderAccountView;
const line = (reference: string, value: number): StatementLineView => ({
  at: Date.UTC(2026, 10, 2, 10),
  kind: value < 0 ? "refund" : "order",
  reference,
  company: "=Shop",
  amount: euros(value),
});
const statement = {
  provider_id: "p1",
  provider_name: "Northlight",
  start_date: "2026-11-01",
  end_date: "2026-11-30",
  opening: euros(-50),
  sold: euros(1_000),
  refunded: euros(100),
  settled: euros(0),
  closing: euros(850),
  owed_now: euros(850),
} as ProviderStatementView;

let asked: unknown[];
beforeEach(() => {
  asked = [];
  useTransport({
    call: async (_command, args) => {
      asked.push(args);
      const { page } = args as { page: { after?: string } };
      return page.after === undefined
        ? { ...statement, lines: [line("CF-1", 1_000)], next: "k" }
        : { ...statement, lines: [line("CF-2", -100)] };
    },
    listen: () => () => undefined,
  });
});

const textOf = (content: string) =>
  new TextDecoder().decode(Uint8Array.from(atob(content), (c) => c.charCodeAt(0)));

describe("Statement", () => {
  it("is of this month until days are chosen, and goes on by key", async () => {
    const list = new Statement("p1");
    await list.restart();
    expect(asked).toEqual([{ provider_id: "p1", page: { limit: 50 } }]);
    expect([list.from, list.until]).toEqual(["2026-11-01", "2026-11-30"]);
    await list.more();
    expect(asked[1]).toEqual({
      provider_id: "p1",
      start_date: "2026-11-01",
      end_date: "2026-11-30",
      page: { after: "k", limit: 50 },
    });
    expect(list.rows.map(({ reference }) => reference)).toEqual(["CF-1", "CF-2"]);
    expect(list.ended).toBe(true);
  });

  it("goes on with the days that are shown, and leaves alone what is being typed", async () => {
    const list = new Statement("p1");
    const reading = list.restart();
    list.from = "2026-10-01";
    await reading;
    expect([list.from, list.until]).toEqual(["2026-10-01", ""]);
    await list.more();
    expect(asked[1]).toMatchObject({ start_date: "2026-11-01", end_date: "2026-11-30" });
  });

  it("is kept as a file with every line, and the sums at both ends", async () => {
    const list = new Statement("p1");
    await list.restart();
    const file = await list.file();
    expect(file.file_name).toBe("statement-2026-11-01-2026-11-30.csv");
    expect(textOf(file.content).split("\r\n")).toEqual([
      "at,what,reference,reseller,amount,currency",
      "2026-11-01,Owed before,,,-0.50,EUR",
      "2026-11-02T10:00:00.000Z,Order,CF-1,'=Shop,10.00,EUR",
      "2026-11-02T10:00:00.000Z,Refund,CF-2,'=Shop,-1.00,EUR",
      "2026-11-30,Owed after,,,8.50,EUR",
      "",
    ]);
    expect(statementFile(statement, []).media_type).toContain("csv");
  });
});

describe("without movements, or without Central", () => {
  const answering = (answer: (after?: string) => unknown) =>
    useTransport({
      call: (async (_command: string, args: { page: { after?: string } }) =>
        answer(args.page.after)) as never,
      listen: () => () => undefined,
    });
  const offline = () => Promise.reject(new CallError({ code: "server_unreachable", detail: "" }));

  it("a statement with no line still says what was owed before and after", async () => {
    answering(() => ({ ...statement, lines: [] }));
    const list = new Statement("p1");
    await list.restart();
    expect([list.rows, list.ended, list.last?.closing]).toEqual([[], true, euros(850)]);
    expect(textOf((await list.file()).content).split("\r\n")).toHaveLength(4);
  });

  it("says so, keeps the days that were chosen, and goes on when asked again", async () => {
    answering(offline);
    const list = new Statement("p1");
    list.from = "2026-10-01";
    await list.restart();
    expect(list.error?.code).toBe("server_unreachable");
    expect([list.loaded, list.from, list.until]).toEqual([false, "2026-10-01", ""]);
    await expect(list.file()).rejects.toMatchObject({ code: "server_unreachable" });
    answering(() => ({ ...statement, lines: [line("CF-1", 1_000)] }));
    await list.restart();
    expect([list.error, list.rows.length]).toEqual([undefined, 1]);
  });

  it("makes no file of a part", async () => {
    answering((after) => (after === undefined ? { ...statement, lines: [], next: "k" } : offline()));
    const list = new Statement("p1");
    await list.restart();
    await expect(list.file()).rejects.toMatchObject({ code: "server_unreachable" });
  });

  it("shows no settlement, or why none can be shown", async () => {
    answering(() => ({ rows: [] }));
    const list = new Settlements("p1");
    await list.restart();
    expect([list.rows, list.ended]).toEqual([[], true]);
    answering(offline);
    await list.restart();
    expect(list.error?.code).toBe("server_unreachable");
  });
});

describe("books", () => {
  it("balance or do not", () => {
    expect(balances(account("r1", 100))).toBe(true);
    expect(balances({ ...account("r1", 100), markup: euros(13) })).toBe(false);
  });
});

describe("SettleForm", () => {
  const books = { owed: euros(300), accounts: [account("r1", 100), account("r2", 200), account("r3", -40)] };

  it("pays all that is owed, or what is owed through one", () => {
    const form = new SettleForm("p1", books, "2026-11-22");
    expect(form.owing.map(({ relationship_id }) => relationship_id)).toEqual(["r1", "r2"]);
    expect(form.request()).toBeUndefined();
    form.reference = " T-1 ";
    expect(form.request()).toEqual({
      provider_id: "p1",
      amount: euros(300),
      paid_on: "2026-11-22",
      reference: "T-1",
      note: "",
    });
    form.what = "r2";
    expect(form.request()).toMatchObject({ relationship_id: "r2", amount: euros(200) });
    form.paidOn = "2026-11-23";
    expect(form.request()).toBeUndefined();
  });

  it("goes on with the books as they stand by now", () => {
    const form = new SettleForm("p1", books, "2026-11-22");
    form.what = "r1";
    form.renew({ owed: euros(650), accounts: [account("r1", 400), account("r2", 250)] });
    expect(form.amount).toEqual(euros(400));
  });

  it("never pays for all where somebody else has paid for the one that was chosen", () => {
    const form = new SettleForm("p1", books, "2026-11-22");
    form.reference = "T-1";
    form.what = "r1";
    form.renew({ owed: euros(250), accounts: [account("r2", 250)] });
    expect([form.amount, form.request()]).toEqual([undefined, undefined]);
    form.what = ALL_RESELLERS;
    expect(form.amount).toEqual(euros(250));
  });

  it("is opened again with the books and the day of then, unless it may be booked already", async () => {
    const form = new SettleForm("p1", books, "2026-11-22");
    form.reference = "T-1";
    form.reopen({ owed: euros(650), accounts: [account("r1", 650)] }, "2026-11-23");
    expect(form.request()).toMatchObject({ amount: euros(650), paid_on: "2026-11-23", reference: "T-1" });
    const lost = () => Promise.reject(new CallError({ code: "server_unreachable", detail: "" }));
    await expect(form.once.send(lost)).rejects.toThrow();
    form.reopen({ owed: euros(0), accounts: [] }, "2026-11-24");
    expect(form.request()).toMatchObject({ amount: euros(650), paid_on: "2026-11-23" });
  });

  it("pays nothing where nothing is owed, nor through one that owes nothing", () => {
    const form = new SettleForm("p1", { owed: euros(0), accounts: [account("r3", -40)] }, "2026-11-22");
    form.reference = "T-1";
    expect([form.owing, form.request()]).toEqual([[], undefined]);
    form.what = "r3";
    expect([form.amount, form.request()]).toEqual([undefined, undefined]);
    const empty = new SettleForm("p1", { owed: euros(0), accounts: [] }, "2026-11-22");
    empty.reference = "T-1";
    expect(empty.request()).toBeUndefined();
  });

  it("says what is wrong with each field", () => {
    const form = new SettleForm("p1", books, "2026-11-22");
    form.reference = "T".repeat(201);
    form.note = "n".repeat(201);
    form.paidOn = "";
    expect(Object.values(form.problems).every((problem) => problem !== undefined)).toBe(true);
    [form.reference, form.note, form.paidOn] = ["T".repeat(200), "n".repeat(200), "2026-11-22"];
    expect(Object.values(form.problems).every((problem) => problem === undefined)).toBe(true);
  });
});
