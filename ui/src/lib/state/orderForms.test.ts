import { describe, expect, it } from "vitest";

import type { OrderView } from "$lib/api/bindings/OrderView";

import { DetailsForm, FulfilForm, OrderForm, reasonProblem, RefundForm } from "./orderForms.svelte";

const euros = (value: number) => ({ value, unit: "EUR" });
const order = {
  contract_id: "CF-0123456789",
  quantity: 4,
  delivered: 4,
  refunded: euros(0),
  price: { unit_base: "10", markup_percent: 12, total: euros(4_480) },
  customer: { name: "Nina", email: "nina@example.org", phone: "", note: "" },
  paid_at: 3_000,
} as OrderView;
const offering = {
  offering_id: "f1",
  name: "Web space",
  unit_base: "10",
  markup_percent: 12,
  currency: "EUR",
};

/** An order that could be sent. */
function written(): OrderForm {
  const form = new OrderForm(offering);
  [form.name, form.email] = ["Nina", "nina@example.org"];
  return form;
}

describe("an order at the edges of its rules", () => {
  it.each([
    ["quantity", ["1", " 1000 "], ["", "0", "1001", "1.5", "-1", "ten"]],
    ["name", ["N", "N".repeat(100), "😀".repeat(100)], ["", "   ", "N".repeat(101)]],
    ["email", ["n@e.org", " nina@example.org "], ["", "nina", "nina@example", "ni na@example.org", "@e.org"]],
    ["phone", ["", "1".repeat(40)], ["1".repeat(41)]],
    ["note", ["", "x".repeat(1_000)], ["x".repeat(1_001)]],
  ] as const)("judges the %s", (field, right, wrong) => {
    const form = written();
    for (const text of right) {
      form[field] = text;
      expect(form.problems[field], text).toBeUndefined();
      expect(form.request(true), text).toBeDefined();
    }
    for (const text of wrong) {
      form[field] = text;
      expect(form.problems[field], text).toBeDefined();
      expect(form.request(true), text).toBeUndefined();
      expect(form.request(false), text).toBeUndefined();
    }
  });
});

describe("a delivery and a refund with nothing left", () => {
  it("ask for nothing", () => {
    const delivery = new FulfilForm(order);
    expect(delivery.left).toBe(0);
    expect(delivery.request()).toBeUndefined();
    delivery.units = "1";
    expect(delivery.request()).toBeUndefined();
    const refund = new RefundForm({ ...order, refunded: euros(4_480) });
    expect([refund.left, refund.value]).toEqual([0, undefined]);
    expect(refund.problems.amount).toBeDefined();
  });

  it("follow the digits of the currency", () => {
    const dinars = { value: 1_240, unit: "KWD" };
    const refund = new RefundForm({
      ...order,
      refunded: { ...dinars, value: 0 },
      price: { ...order.price, total: dinars },
    });
    expect(refund.amount).toBe("1.240");
    refund.amount = "0.001";
    expect(refund.value).toBe(1);
  });
});

describe("what goes with a delivery", () => {
  it("is refused as long as its JSON is none, and as long as a name is too long", () => {
    const form = new FulfilForm({ ...order, delivered: 1 });
    form.details.turn();
    form.details.json = "{";
    expect([form.details.texts, form.request()]).toEqual([undefined, undefined]);
    form.details.json = JSON.stringify({ ["n".repeat(41)]: "x" });
    expect(form.request()).toBeUndefined();
    form.details.json = "  ";
    expect(form.request()).toMatchObject({ units: 3, details: [] });
    form.externalId = "x".repeat(101);
    expect(form.request()).toBeUndefined();
  });

  it("has room for twenty", () => {
    const form = new DetailsForm();
    for (let at = 1; at < 20; at += 1) form.add();
    expect(form.full).toBe(true);
  });
});

describe("a reason", () => {
  it.each(["", "   ", "x".repeat(201)])("%j is none", (text) => expect(reasonProblem(text)).toBeDefined());
  it.each(["No", "x".repeat(200), "😀".repeat(200)])("%j is one", (text) =>
    expect(reasonProblem(text)).toBeUndefined(),
  );
});
