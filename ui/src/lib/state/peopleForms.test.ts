import { afterEach, describe, expect, it, vi } from "vitest";

import type { ApplicationView } from "$lib/api/bindings/ApplicationView";
import type { MemberView } from "$lib/api/bindings/MemberView";

import { ApprovalForm } from "./approvalForm.svelte";
import { MemberForm } from "./memberForm.svelte";
import { pagesFor } from "./navigation.svelte";
import { PlanForm } from "./planForm.svelte";
import { ResellerForm } from "./resellerForm.svelte";
import { session } from "./session.svelte";

const APPLICATION = {
  application_id: "0195c0de-0000-7000-8000-000000000001",
  proposed_username: "corner-shop",
} as ApplicationView;

const FIRST_OWNER: MemberView = {
  member_id: "0195c0de-0000-7000-8000-000000000002",
  version: 4,
  username: "leila",
  role: "owner",
  active: true,
  principal: true,
  created_at: 0,
  must_change_password: false,
  second_factor: false,
};

describe("an approval", () => {
  it("begins with the proposed user name and by tier", () => {
    const form = new ApprovalForm(APPLICATION);
    expect(form.valid).toBe(true);
    expect(form.request()).toMatchObject({
      username: "corner-shop",
      rate: { kind: "by_tier" },
      credit_limit: 0,
    });
    expect(form.request()).not.toHaveProperty("parent_id");
  });

  it("asks for a rate that is one", () => {
    const form = new ApprovalForm(APPLICATION);
    form.rate.kind = "fixed";
    for (const wrong of ["", "101", "12.345"]) {
      form.rate.percent = wrong;
      expect(form.valid).toBe(false);
    }
    form.rate.percent = "12.5";
    expect(form.request().rate).toEqual({ kind: "fixed", basis_points: 1_250 });
  });

  it("is the same approval however often it is sent", () => {
    const form = new ApprovalForm(APPLICATION);
    expect(form.request().reseller_id).toBe(form.request().reseller_id);
    expect(new ApprovalForm(APPLICATION).request().reseller_id).not.toBe(form.request().reseller_id);
  });
});

describe("a member", () => {
  it("who is new needs a password, who is known keeps it", () => {
    const form = new MemberForm(undefined);
    form.username = "clara";
    expect(form.valid).toBe(false);
    form.password = "a password of twelve";
    expect(form.request()).toMatchObject({ username: "clara", role: "clerk", active: true });
    const known = new MemberForm(FIRST_OWNER);
    expect(known.valid).toBe(true);
    expect(known.request()).toEqual({
      member_id: FIRST_OWNER.member_id,
      version: 4,
      username: "leila",
      role: "owner",
      active: true,
    });
  });
});

describe("a reseller below an owner's", () => {
  it("says nothing of what only the operator decides", () => {
    const form = new ResellerForm(undefined);
    for (const name of ["parent_id", "settlement_mode", "credit_limit", "status"])
      expect(form.requestBelow()).not.toHaveProperty(name);
  });
});

describe("the pages", () => {
  it("of an owner are a clerk's and five more", () => {
    expect(pagesFor("owner").slice(0, -5)).toEqual(pagesFor("clerk"));
    expect(pagesFor("clerk")).toEqual(["dashboard", ...pagesFor("member"), "earnings", "reports"]);
    expect(pagesFor("owner").slice(-5)).toEqual(["sub-resellers", "members", "api-keys", "mail", "log"]);
    expect(pagesFor("staff")).not.toContain("sell");
  });
});

describe("what staff type of money", () => {
  afterEach(() => vi.restoreAllMocks());

  const operatorCountsIn = (unit: string) => vi.spyOn(session, "currency", "get").mockReturnValue(unit);

  it("is in the operator's currency, decimals and all", () => {
    for (const [unit, limit] of [
      ["CHF", 50_000],
      ["JPY", 500],
      ["KWD", 500_000],
    ] as const) {
      operatorCountsIn(unit);
      const approval = new ApprovalForm(APPLICATION);
      const reseller = new ResellerForm(undefined);
      for (const form of [approval, reseller]) {
        form.mode = "share";
        form.limit = "500";
        expect(form.unit).toBe(unit);
        expect(form.request().credit_limit).toBe(limit);
      }
    }
  });

  it("is a plan's currency until another one is typed", () => {
    operatorCountsIn("CHF");
    const form = new PlanForm(undefined);
    form.price = "12.49";
    expect(form.request().price).toEqual({ value: 1_249, unit: "CHF" });
    form.currency = "usd";
    expect(form.request().price.unit).toBe("USD");
  });
});
