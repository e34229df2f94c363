import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { PlanStatisticsView } from "$lib/api/bindings/PlanStatisticsView";
import type { ResellerStatisticsView } from "$lib/api/bindings/ResellerStatisticsView";
import { CallError } from "$lib/api/error";

import PlanStatistics from "./PlanStatistics.svelte";
import ResellerStatistics from "./ResellerStatistics.svelte";

const euros = (value: number) => ({ value, unit: "EUR" });
const NOTHING = { codes: 0, services: 0, voided: 0, activated: 0 };

const unsold: PlanStatisticsView = {
  plan_id: "p1",
  name: "Month",
  as_of: 1_795_219_200_000,
  time_zone: "Europe/Berlin",
  waiting: 0,
  codes: [],
  service: { running: 0, ending_in_7_days: 0, ending_in_30_days: 0 },
  this_month: { month: "2026-11", ...NOTHING },
  month_before: { month: "2026-10", ...NOTHING },
  revenue: [{ this_month: euros(0), month_before: euros(0) }],
  top_resellers: [],
};

const shop: ResellerStatisticsView = {
  reseller_id: "r1",
  company: "Corner Shop",
  settlement_mode: "wholesale",
  as_of: 1_795_219_200_000,
  time_zone: "Europe/Berlin",
  waiting: 3,
  accounts: { total: 4, active: 2, ending_soon: 1, expired: 1, suspended: 1 },
  codes: [
    { state: "activated", count: 5 },
    { state: "sold", count: 2 },
  ],
  used: [{ value: 60, unit: "credits" }],
  revenue: [{ this_month: euros(1_998), month_before: euros(3_996), trend: -5_000 }],
  members: 3,
  devices: 2,
};

let answers: Record<string, unknown>;

beforeEach(() => {
  answers = {};
  useTransport({
    call: async (command) => {
      const answer = answers[command];
      if (answer instanceof CallError) throw answer;
      return answer;
    },
    listen: () => () => undefined,
  });
});
afterEach(cleanup);

const value = (testid: string) => screen.getByTestId(testid).dataset.value;

describe("statistics of a plan", () => {
  it("say in words that nothing was sold", async () => {
    answers = { plan_statistics: unsold };
    render(PlanStatistics, { planId: "p1" });
    await screen.findByTestId("plan-statistics");
    expect(screen.getByTestId("stats-codes").textContent).toContain("No code of this plan was sold yet");
    expect(screen.getByTestId("stats-no-top").textContent).toContain("Nobody sold this plan");
    expect(value("stats-running")).toBe("0");
  });

  it("name who sold the most, in their order", async () => {
    const revenue = { this_month: euros(1_000), month_before: euros(0) };
    const top_resellers = ["Big Shop", "Corner Shop"].map((company, at) => ({
      reseller_id: `r${at}`,
      company,
      sales: 2 - at,
      revenue,
    }));
    answers = { plan_statistics: { ...unsold, top_resellers } };
    render(PlanStatistics, { planId: "p1" });
    const rows = await screen.findAllByTestId("stats-top");
    expect(rows.map((row) => row.querySelector("bdi")?.textContent)).toEqual(["Big Shop", "Corner Shop"]);
    expect(rows.map((row) => /\d+ sales?/.exec(row.textContent)?.[0])).toEqual(["2 sales", "1 sale"]);
  });

  it("tell a role that may not see them who may", async () => {
    answers = { plan_statistics: new CallError({ code: "not_permitted", detail: "no" }) };
    render(PlanStatistics, { planId: "p1" });
    expect(await screen.findByText(/Your role may not see reports/)).toBeTruthy();
  });
});

describe("statistics of a reseller", () => {
  it("show what it has, sold and used", async () => {
    answers = { reseller_statistics: shop };
    render(ResellerStatistics, { resellerId: "r1" });
    await screen.findByTestId("reseller-statistics");
    expect([value("stats-revenue"), value("stats-active"), value("stats-accounts")]).toEqual([
      "1998",
      "2",
      "4",
    ]);
    expect(screen.getAllByTestId("stats-state").map((row) => row.dataset.state)).toEqual([
      "sold",
      "activated",
    ]);
    expect(value("stats-codes")).toBe("7");
    expect(screen.getByTestId("not-counted").textContent).toContain("3 changes are not counted yet");
    expect(screen.queryByTestId("stats-commission")).toBeNull();
  });

  it("have commission only where there is any", async () => {
    const commission = { this_month: euros(400), lifetime: euros(900), pending: euros(100) };
    answers = { reseller_statistics: { ...shop, commission } };
    render(ResellerStatistics, { resellerId: "r1" });
    expect((await screen.findByTestId("stats-commission")).textContent).toContain("9.00");
  });
});
