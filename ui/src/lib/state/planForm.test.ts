import { expect, test } from "vitest";

import type { PlanView } from "$lib/api/bindings/PlanView";

import { PlanForm } from "./planForm.svelte";

const YEAR: PlanView = {
  plan_id: "p",
  version: 4,
  name: "Year",
  kind: "yearly",
  price: { value: 9_900, unit: "EUR" },
  term_days: 365,
  features: ["Two screens"],
  status: "active",
  sold_by: "everyone",
};

test("a plan becomes a trial: for nothing, and short", () => {
  const form = new PlanForm(YEAR);
  form.beTrial(true);
  expect([form.price, form.kind, form.term, form.valid]).toEqual(["0", "custom", "7", true]);
  expect(form.request()).toMatchObject({ version: 4, term_days: 7, price: { value: 0 }, trials_a_month: 10 });
});

test("what is no trial any more says so, and keeps what was typed", () => {
  const form = new PlanForm({ ...YEAR, term_days: 7, price: { value: 0, unit: "EUR" }, trials_a_month: 25 });
  expect([form.trial, form.trials]).toEqual([true, "25"]);
  form.beTrial(false);
  form.price = "4.50";
  expect(form.request()).toMatchObject({ trials_a_month: 0, term_days: 7, price: { value: 450 } });
});

test.each([
  ["price", "1"],
  ["term", "32"],
  ["term", "0"],
  ["trials", "0"],
  ["trials", "1001"],
  ["trials", "2.5"],
] as const)("a trial whose %s is %s is not sent", (field, text) => {
  const form = new PlanForm(YEAR);
  form.beTrial(true);
  form[field] = text;
  expect(form.problems[field]).toBeTruthy();
  expect(form.valid).toBe(false);
});
