import { beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { PaymentView } from "$lib/api/bindings/PaymentView";
import { CallError } from "$lib/api/error";
import { isoDayIn } from "$lib/format/zone";

import { PaymentForm, Payments } from "./payments.svelte";

let asked: unknown[];
const row = (payment_id: string, state: PaymentView["state"]) => ({ payment_id, state }) as PaymentView;

beforeEach(() => {
  asked = [];
  useTransport({
    call: async (_command, args) => {
      asked.push(args);
      return { currency: "EUR", rows: [row("a", "pending"), row("b", "pending")] };
    },
    listen: () => () => undefined,
  });
});

function filled(): PaymentForm {
  const form = new PaymentForm("account", "EUR", "2026-11-21");
  form.amount = "12.40";
  form.paidFor = "service";
  return form;
}

describe("PaymentForm", () => {
  it("asks what was paid for, and sends nothing before it is said", () => {
    const form = new PaymentForm("account", "EUR", "2026-11-21");
    expect(form.request()).toBeUndefined();
    expect(form.problems).toMatchObject({ amount: expect.any(String), paidFor: expect.any(String) });
    expect(form.problems.paidOn).toBeUndefined();
    for (const amount of ["", "0", "0.00", "-1", "1.234", "ten"]) {
      form.amount = amount;
      expect(form.problems.amount, amount).toBeDefined();
    }
  });

  it("sends minor units, and that the money has arrived", () => {
    expect(filled().request()).toMatchObject({ amount: { value: 1_240, unit: "EUR" }, completed: true });
  });

  it("takes a day to come for what is expected only", () => {
    const form = filled();
    form.paidOn = "2026-11-22";
    expect(form.problems.paidOn).toBeDefined();
    form.completed = false;
    expect(form.problems.paidOn).toBeUndefined();
  });

  it("never says that the operator took the money of a sale", () => {
    const form = filled();
    form.collectedBy = "operator";
    expect(form.request()?.collected_by).toBe("operator");
    form.paidFor = "sale";
    expect(form.request()?.collected_by).toBe("reseller");
  });
});

describe("Payments", () => {
  it("asks for the state and the days that are chosen, and drops what fits no more", async () => {
    const list = new Payments("account");
    await list.restart();
    expect(asked[0]).toEqual({ account_id: "account", page: { limit: 50 } });
    list.from = "2026-11-01";
    await list.show("pending");
    expect(asked[1]).toMatchObject({ state: "pending", start_date: "2026-11-01" });
    list.put(row("a", "completed"));
    expect(list.rows.map((one) => one.payment_id)).toEqual(["b"]);
    list.state = undefined;
    list.put(row("b", "failed"));
    expect(list.rows.map((one) => one.state)).toEqual(["failed"]);
  });
});

describe("the next block of payments", () => {
  it("is of the days that are shown, and not of those that are being typed", async () => {
    useTransport({
      call: async (_command, args) => {
        asked.push(args);
        return { currency: "EUR", rows: [row("a", "pending")], next: "k" };
      },
      listen: () => () => undefined,
    });
    const list = new Payments();
    list.until = "2026-11-30";
    await list.restart();
    list.from = "2026-11-01";
    list.until = "";
    await list.more();
    expect(asked[1]).toEqual({ end_date: "2026-11-30", page: { after: "k", limit: 50 } });
  });
});

describe("a payment that is opened again on another day", () => {
  it("is of that day, unless somebody chose one or it may be recorded already", async () => {
    const form = filled();
    form.reopen("2026-11-22");
    expect([form.paidOn, form.problems.paidOn]).toEqual(["2026-11-22", undefined]);
    form.paidOn = "2026-11-20";
    form.reopen("2026-11-23");
    expect(form.paidOn).toBe("2026-11-20");

    const sent = filled();
    const lost = () => Promise.reject(new CallError({ code: "server_unreachable", detail: "" }));
    await expect(sent.once.send(lost)).rejects.toThrow();
    sent.reopen("2026-11-22");
    expect(sent.paidOn).toBe("2026-11-21");
  });
});

describe("isoDayIn", () => {
  it("is the day that the calendar shows there", () => {
    const late = Date.UTC(2026, 10, 21, 22, 0);
    expect(isoDayIn(late, "UTC")).toBe("2026-11-21");
    expect(isoDayIn(late, "Asia/Tehran")).toBe("2026-11-22");
  });
});
