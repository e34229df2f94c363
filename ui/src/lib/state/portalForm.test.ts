import { describe, expect, it } from "vitest";

import type { PortalView } from "$lib/api/bindings/PortalView";
import { CallError } from "$lib/api/error";

import { PortalForm, readHours, readNumber, timeZones } from "./portalForm.svelte";

const portal: PortalView = {
  portal_id: "p1",
  version: 3,
  name: "Main portal",
  address: "portal.example",
  user: "stalker",
  time_zone: "Europe/Berlin",
  certificate: { der: "AAAA", sha256: "00" },
  status: "active",
  plans: [{ plan_id: "b", tariff: "basic" }, { plan_id: "a" }],
  resellers: [{ reseller_id: "r1", remote_id: 7 }],
  accounts: { waiting: 0, agreed: 0, attention: 0 },
  look_every_hours: 24,
};
const company = (id: string) => `Company ${id}`;

describe("a new portal", () => {
  it("keeps one id over every try and takes the operator's zone", () => {
    const form = new PortalForm(undefined, "Asia/Tehran");
    form.name = " Main ";
    form.address = " portal.example ";
    expect(form.request()).toEqual({
      portal_id: form.portalId,
      name: "Main",
      address: "portal.example",
      time_zone: "Asia/Tehran",
      status: "active",
      look_every_hours: 24,
      plans: [],
      resellers: [],
    });
    expect(form.request().portal_id).toBe(form.request().portal_id);
    expect(form.valid).toBe(true);
  });

  it("may be there already when nobody answered, and not when it was refused", () => {
    const failure = (code: "server_unreachable" | "validation_failed") => new CallError({ code, detail: "" });
    const form = new PortalForm(undefined, "UTC");
    form.failed(failure("server_unreachable"));
    expect(form.pending).toBe(true);
    form.failed(failure("validation_failed"));
    expect(form.pending).toBe(false);
    // What is there already has a version, which tells.
    const known = new PortalForm(portal, "UTC");
    known.failed(failure("server_unreachable"));
    expect(known.pending).toBe(false);
  });

  it.each(["", "  ", "ftp://portal.example", "http://", "two words.example"])(
    "refuses the address %j",
    (typed) => {
      const form = new PortalForm(undefined, "UTC");
      form.address = typed;
      expect(form.problems.address).toBeDefined();
    },
  );

  it.each([
    "portal.example",
    "10.4.0.12:88",
    "http://p.example/stalker_portal/",
    "https://[2001:db8::1]/api/",
  ])("accepts the address %j", (typed) => {
    const form = new PortalForm(undefined, "UTC");
    form.address = typed;
    expect(form.problems.address).toBeUndefined();
  });

  it("needs a password for a user, and a user for a password", () => {
    const form = new PortalForm(undefined, "UTC");
    form.user = "stalker";
    expect(form.problems.password).toBeDefined();
    form.password = "secret";
    expect(form.problems.password).toBeUndefined();
    form.user = "";
    expect(form.problems.user).toBeDefined();
    expect(form.request()).not.toHaveProperty("password");
  });
});

describe("a known portal", () => {
  it("is sent back as it was when nothing changed, without a password", () => {
    const form = new PortalForm(portal, "UTC");
    const { accounts: _accounts, certificate: _certificate, ...rest } = portal;
    expect(form.request()).toEqual({
      ...rest,
      certificate: "AAAA",
      plans: [{ plan_id: "a" }, { plan_id: "b", tariff: "basic" }],
    });
    expect(form.connectionChanged).toBe(false);
    expect(form.valid).toBe(true);
  });

  it("asks for the password again when the user or the address is another one", () => {
    const form = new PortalForm(portal, "UTC");
    expect(form.passwordKnown).toBe(true);
    form.user = "other";
    expect(form.passwordKnown).toBe(false);
    expect(form.problems.password).toBeDefined();
    form.user = "stalker";
    expect(form.problems.password).toBeUndefined();
    form.address = "elsewhere.example";
    expect(form.problems.password).toBeDefined();
  });

  it.each([
    ["address", (form: PortalForm) => (form.address = "other.example")],
    ["user", (form: PortalForm) => (form.user = "")],
    ["password", (form: PortalForm) => (form.password = "new")],
    ["certificate", (form: PortalForm) => (form.certificate = undefined)],
  ])("has to be looked at again after another %s", (_what, change) => {
    const form = new PortalForm(portal, "UTC");
    change(form);
    expect(form.connectionChanged).toBe(true);
  });

  it("need not be looked at again after another name or tariff", () => {
    const form = new PortalForm(portal, "UTC");
    form.name = "Other";
    form.plans.set("a", " gold ");
    expect(form.connectionChanged).toBe(false);
    expect(form.request().plans).toEqual([
      { plan_id: "a", tariff: "gold" },
      { plan_id: "b", tariff: "basic" },
    ]);
  });
});

describe("numbers of resellers", () => {
  it.each([
    ["", undefined],
    [" 7 ", 7],
    ["4294967295", 4_294_967_295],
    ["0", null],
    ["-1", null],
    ["4294967296", null],
    ["1.5", null],
    ["seven", null],
  ])("reads %j as %s", (typed, number) => expect(readNumber(typed)).toBe(number));

  it("are given once each", () => {
    const form = new PortalForm(portal, "UTC");
    form.numbers.set("r2", "07");
    expect(form.numberProblem("r2", company)).toContain("Company r1");
    expect(form.valid).toBe(false);
    form.numbers.set("r2", "8");
    expect(form.valid).toBe(true);
    form.numbers.set("r1", "");
    expect(form.request().resellers).toEqual([{ reseller_id: "r2", remote_id: 8 }]);
    form.numbers.set("r1", "x");
    expect(form.numberProblem("r1", company)).toBeDefined();
    expect(form.valid).toBe(false);
  });
});

describe("timeZones", () => {
  it("has the present one among them even when nobody else knows it", () => {
    const zones = timeZones("Mars/Olympus");
    expect(zones).toContain("Mars/Olympus");
    expect(zones).toContain("UTC");
    expect(zones).toContain("Europe/Berlin");
    expect(new Set(zones).size).toBe(zones.length);
  });
});

describe("looks for changes", () => {
  it.each([
    ["0", 0],
    [" 24 ", 24],
    ["720", 720],
    ["721", undefined],
    ["-1", undefined],
    ["1.5", undefined],
    ["", undefined],
  ])("reads %j", (typed, hours) => {
    expect(readHours(typed)).toBe(hours);
  });

  it("refuse nonsense in the form", () => {
    const form = new PortalForm(portal, "UTC");
    form.hours = "often";
    expect(form.problems.hours).toBeDefined();
    expect(form.valid).toBe(false);
  });
});

describe("archiving a portal", () => {
  it("names the plans that customers can still buy there", () => {
    const form = new PortalForm(portal, "UTC");
    const plans = [
      { plan_id: "a", name: "Month", status: "active" },
      { plan_id: "b", name: "Old", status: "archived" },
      { plan_id: "c", name: "Elsewhere", status: "active" },
    ];
    expect(form.stranded(plans)).toEqual([]);
    form.status = "archived";
    expect(form.stranded(plans).map((plan) => plan.name)).toEqual(["Month"]);
    form.plans.delete("a");
    expect(form.stranded(plans)).toEqual([]);
  });
});
