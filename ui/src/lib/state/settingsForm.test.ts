import { expect, test } from "vitest";

import type { OperatorSettings } from "$lib/api/bindings/OperatorSettings";

import { SettingsForm } from "./settingsForm.svelte";

const SETTINGS: OperatorSettings = {
  version: 3,
  operator_name: "Lumen Networks",
  time_zone: "Europe/Berlin",
  currency: "EUR",
  code_prefix: "PM2D",
  redeem_days: 365,
  support_email: "",
  support_phone: "",
  public_address: "",
  staff_second_factor: false,
};

test("what was read is sent back with its version, and nothing that cannot be changed", () => {
  const form = new SettingsForm(SETTINGS);
  form.name = " Lumen & Sons ";
  form.prefix = "vv9";
  form.days = " 90 ";
  form.staffFactor = true;
  expect(form.valid).toBe(true);
  expect(form.request()).toEqual({
    version: 3,
    operator_name: "Lumen & Sons",
    time_zone: "Europe/Berlin",
    code_prefix: "VV9",
    redeem_days: 90,
    support_email: "",
    support_phone: "",
    public_address: "",
    staff_second_factor: true,
  });
});

test.each([
  ["name", "  "],
  ["name", "x".repeat(81)],
  ["prefix", ""],
  ["prefix", "PILL"],
  ["days", "59"],
  ["days", "3661"],
  ["days", "a year"],
  ["email", "nobody"],
  ["address", "central.example.org"],
  ["address", "https://"],
] as const)("%s may not be %j", (field, typed) => {
  const form = new SettingsForm(SETTINGS);
  form[field] = typed;
  expect(form.problems[field]).toBeTypeOf("string");
  expect(form.valid).toBe(false);
});

test("an address may have a port and a path", () => {
  const form = new SettingsForm(SETTINGS);
  form.address = "https://tv.example.org:8443/central";
  expect(form.valid).toBe(true);
});

test("another zone is asked about", () => {
  const form = new SettingsForm(SETTINGS);
  expect(form.movesZone).toBe(false);
  form.timeZone = "Asia/Tehran";
  expect(form.movesZone).toBe(true);
});
