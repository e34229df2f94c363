import { beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { PayoutView } from "$lib/api/bindings/PayoutView";
import type { RequestPayout } from "$lib/api/bindings/RequestPayout";
import type { RuleVersionView } from "$lib/api/bindings/RuleVersionView";
import { CallError } from "$lib/api/error";

import { Earnings, Payouts } from "./earnings.svelte";
import { PayoutForm } from "./payoutForm.svelte";
import { RulesForm } from "./rulesForm.svelte";

let asked: RequestPayout[];
let failure: CallError | undefined;

beforeEach(() => {
  asked = [];
  failure = undefined;
  useTransport({
    call: async (_command, args) => {
      asked.push(args as RequestPayout);
      if (failure) throw failure;
      return { payout_id: "p" };
    },
    listen: () => () => undefined,
  });
});

describe("Earnings", () => {
  it("are read anew when a balance is another one, and left alone when none is", async () => {
    const limits: number[] = [];
    let pending = 0;
    useTransport({
      call: async (_command, args) => {
        limits.push((args as { page: { limit: number } }).page.limit);
        return { rows: [], balances: { pending: { value: pending, unit: "EUR" } } };
      },
      listen: () => () => undefined,
    });
    const earnings = new Earnings();
    expect(await earnings.glance()).toBe(false);
    await earnings.restart();
    expect(await earnings.glance()).toBe(false);
    expect(limits).toEqual([50, 1]);
    pending = 250;
    expect(await earnings.glance()).toBe(true);
    expect(limits).toEqual([50, 1, 1, 50]);
    expect(earnings.last?.balances.pending.value).toBe(250);
  });
});

describe("Payouts", () => {
  it("are renewed while the first block is what is seen", async () => {
    const limits: unknown[] = [];
    useTransport({
      call: async (_command, args) => {
        limits.push((args as { page: unknown }).page);
        return { rows: Array.from({ length: 50 }, (_, n) => ({ payout_id: String(n) })), next: "50" };
      },
      listen: () => () => undefined,
    });
    const payouts = new Payouts();
    await payouts.renew();
    expect(limits).toEqual([]);
    await payouts.restart();
    await payouts.renew();
    expect(limits).toEqual([{ limit: 50 }, { limit: 50 }]);
    await payouts.more();
    await payouts.renew();
    expect(limits).toHaveLength(3);
  });
});

describe("PayoutForm", () => {
  it("asks again under the same id while the outcome is unknown, and under another after a refusal", async () => {
    const form = new PayoutForm();
    expect(await form.send()).toBeUndefined();
    expect(asked).toHaveLength(0);
    form.destination = " DE02 ";
    failure = new CallError({ code: "server_unreachable", detail: "" });
    await form.send();
    expect(form.pending).toBe(true);
    failure = new CallError({ code: "payout_too_small", detail: "" });
    await form.send();
    expect(form.pending).toBe(false);
    failure = undefined;
    await form.send();
    expect(asked.map((one) => one.destination)).toEqual(["DE02", "DE02", "DE02"]);
    expect(asked[0]?.payout_id).toBe(asked[1]?.payout_id);
    expect(asked[1]?.payout_id).not.toBe(asked[2]?.payout_id);
  });

  it("takes cash without an account number", () => {
    const form = new PayoutForm();
    expect(form.problem).toBeDefined();
    form.method = "cash";
    expect(form.problem).toBeUndefined();
  });
});

const rules: RuleVersionView = {
  rules: {
    version: 1,
    code_rate: 2_000,
    tiers: [
      { from_accounts: 0, rate: 1_000 },
      { from_accounts: 10, rate: 1_250 },
    ],
    override_rate: 500,
    override_levels: 1,
    cap: 5_000,
  },
  hold_days: 7,
  minimum_payout: { value: 5_000, unit: "EUR" },
  note: "",
};

describe("RulesForm", () => {
  it("begins with what is in force and asks for the same", () => {
    const request = new RulesForm(rules).request();
    expect(request).toMatchObject({ code_rate: 2_000, cap: 5_000, hold_days: 7, minimum_payout: 5_000 });
    expect(request.tiers).toEqual(rules.rules.tiers);
    expect(request.from_day).toBeUndefined();
  });

  it("refuses what Central would refuse", () => {
    for (const change of [
      (form: RulesForm) => (form.codes = "101"),
      (form: RulesForm) => (form.levels = "6"),
      (form: RulesForm) => (form.hold = "366"),
      (form: RulesForm) => (form.least = "0"),
      (form: RulesForm) => (form.tiers[0]!.from = "1"),
      (form: RulesForm) => (form.tiers[1]!.from = "0"),
      (form: RulesForm) => (form.tiers[1]!.rate = "x"),
      (form: RulesForm) => form.add(),
    ]) {
      const form = new RulesForm(rules);
      expect(form.valid).toBe(true);
      change(form);
      expect(form.valid).toBe(false);
    }
  });
});

describe("Payouts", () => {
  it("puts an answer where it belongs, and away when it does not fit the shown state", () => {
    const payouts = new Payouts("requested");
    const payout = { payout_id: "a", state: "requested" } as PayoutView;
    payouts.put(payout);
    expect(payouts.rows).toHaveLength(1);
    payouts.put({ ...payout, state: "approved" });
    expect(payouts.rows).toHaveLength(0);
  });
});
