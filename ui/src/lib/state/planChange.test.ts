import { expect, it } from "vitest";

import type { AccountView } from "$lib/api/bindings/AccountView";
import type { PlanView } from "$lib/api/bindings/PlanView";

import { moveOf, PlanChange } from "./planChange";

const plan = (plan_id: string, more: Partial<PlanView> = {}) =>
  ({ plan_id, status: "active", ...more }) as PlanView;
const account = { account_id: "a", plan_id: "month" } as AccountView;

it("offers every plan that is sold but trials and the one it has", () => {
  const plans = [
    plan("month"),
    plan("quarter"),
    plan("old", { status: "archived" }),
    plan("week", { trials_a_month: 2 }),
  ];
  expect(new PlanChange(account).choices(plans).map((one) => one.plan_id)).toEqual(["quarter"]);
});

it("knows a trial, whose days are not carried over", () => {
  const plans = [plan("month", { trials_a_month: 2 }), plan("quarter")];
  expect(new PlanChange(account).isTrial(plans)).toBe(true);
  expect(new PlanChange({ ...account, plan_id: "quarter" }).isTrial(plans)).toBe(false);
});

it("keeps its id over every try until it is refused", () => {
  const change = new PlanChange(account);
  const first = change.request("quarter");
  expect(first).toMatchObject({ account_id: "a", plan_id: "quarter" });
  expect(change.request("quarter").plan_change_id).toBe(first.plan_change_id);
  change.another();
  expect(change.request("quarter").plan_change_id).not.toBe(first.plan_change_id);
});

it("says which portals a change moves the account between", () => {
  const plans = [
    { plan_id: "month", portal: "Main" },
    { plan_id: "quarter", portal: "Second" },
    { plan_id: "year", portal: "Main" },
  ];
  expect(moveOf({ now: "Main", plans }, "quarter")).toEqual({ from: "Main", to: "Second" });
  expect(moveOf({ now: "Main", plans }, "year")).toBeUndefined();
  expect(moveOf({ now: "Main", plans }, "nowhere")).toBeUndefined();
  expect(moveOf({ plans }, "year")).toEqual({ to: "Main" });
});
