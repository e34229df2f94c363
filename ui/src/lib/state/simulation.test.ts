import { beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { SimulateCommission } from "$lib/api/bindings/SimulateCommission";
import type { SimulatedPart } from "$lib/api/bindings/SimulatedPart";
import { CallError } from "$lib/api/error";
import { changeWord, costWord, simulationFile } from "$lib/words/simulation";

import { carryRules, takeCarriedRules } from "./proposal";
import { RulesForm } from "./rulesForm.svelte";
import { ShareRules } from "./shareRules.svelte";
import { nowOf, Simulation, thenOf } from "./simulation.svelte";

const euros = (value: number) => ({ value, unit: "EUR" });

function one(id: string, company: string, sums: [number, number, number, number]) {
  const [own_then, own_now, overrides_then, overrides_now] = sums.map(euros) as [
    ReturnType<typeof euros>,
    ReturnType<typeof euros>,
    ReturnType<typeof euros>,
    ReturnType<typeof euros>,
  ];
  return { reseller_id: id, company, sales: 2, same: 1, own_then, own_now, overrides_then, overrides_now };
}

const PARTS: SimulatedPart[] = [
  {
    currency: "EUR",
    total: 8,
    sales: 4,
    same: 2,
    resellers: [one("a", "=Anna's", [200, 300, 50, 20]), one("b", "Ben's", [100, 100, 0, 0])],
    next: "1",
  },
  { currency: "EUR", sales: 4, same: 2, resellers: [one("a", "=Anna's", [200, 300, 0, 0])] },
];
const ASKED: SimulateCommission = { start_date: "2026-11-01", end_date: "2026-11-30", rates: [] };

let asked: SimulateCommission[];
/** Before it answers: what else happens, or what goes wrong. */
let meanwhile: () => void;

beforeEach(() => {
  asked = [];
  meanwhile = () => undefined;
  useTransport({
    call: async (_command, args) => {
      asked.push(args as SimulateCommission);
      meanwhile();
      return PARTS[Number((args as SimulateCommission).after ?? 0)];
    },
    listen: () => () => undefined,
  });
});

describe("Simulation", () => {
  it("adds up the parts, with the greatest difference first", async () => {
    const simulation = new Simulation();
    await simulation.run(ASKED);
    expect(asked.map(({ after }) => after)).toEqual([undefined, "1"]);
    expect(simulation.phase).toBe("done");
    expect([simulation.total, simulation.sales, simulation.same]).toEqual([8, 8, 4]);
    expect(simulation.rows.map((row) => [row.company, row.sales, thenOf(row), nowOf(row)])).toEqual([
      ["=Anna's", 4, 450, 620],
      ["Ben's", 2, 100, 100],
    ]);
    expect([simulation.before, simulation.after]).toEqual([euros(550), euros(720)]);
  });

  it("stops where it is, and what still comes is not added", async () => {
    const simulation = new Simulation();
    meanwhile = () => asked.length === 2 && simulation.stop();
    await simulation.run(ASKED);
    expect(simulation.phase).toBe("stopped");
    expect([simulation.sales, simulation.total]).toEqual([4, 8]);
  });

  it("keeps what it has when it breaks off, and begins anew", async () => {
    const simulation = new Simulation();
    meanwhile = () => {
      if (asked.length === 2) throw new CallError({ code: "server_unreachable", detail: "" });
    };
    await simulation.run(ASKED);
    expect([simulation.phase, simulation.error?.code, simulation.sales]).toEqual([
      "failed",
      "server_unreachable",
      4,
    ]);
    await simulation.run(ASKED);
    expect([simulation.phase, simulation.error, simulation.sales]).toEqual(["done", undefined, 8]);
  });

  it("makes a file in which a name is no formula and a figure is one", async () => {
    const simulation = new Simulation();
    await simulation.run(ASKED);
    const file = simulationFile(simulation);
    expect(file.file_name).toBe("what-if-2026-11-01-to-2026-11-30.csv");
    const lines = atob(file.content).split("\r\n");
    expect(lines[1]).toBe("'=Anna's,4,2,4.00,6.00,0.50,0.20,4.50,6.20,1.70,EUR");
  });
});

describe("what it would have cost", () => {
  it("says the difference in money and percent, or that there is none", () => {
    expect(costWord(euros(1_190_000), euros(1_234_000))).toMatch(
      /12,340\.00.EUR instead of 11,900\.00.EUR, \+3\.7.?%/,
    );
    expect(costWord(euros(100), euros(100))).toContain("the same");
    expect(costWord(euros(0), euros(100))).toContain("It cost nothing");
    expect(changeWord(200, 100)).toMatch(/^\u221250/);
    expect(changeWord(0, 100)).toBe("");
  });
});

describe("rules that were tried", () => {
  const now = {
    rules: {
      version: 1,
      code_rate: 2_000,
      tiers: [{ from_accounts: 0, rate: 1_000 }],
      override_rate: 500,
      override_levels: 1,
      cap: 5_000,
    },
    hold_days: 7,
    minimum_payout: euros(5_000),
    note: "",
  };

  it("reach the form that sets rules once, with the terms of today", () => {
    const tried = new ShareRules(now.rules);
    tried.codes = "12.5";
    expect(tried.sharesValid).toBe(true);
    carryRules(tried.rules);
    const form = new RulesForm(now, takeCarriedRules());
    expect(form.request()).toMatchObject({ code_rate: 1_250, hold_days: 7, minimum_payout: 5_000 });
    expect(takeCarriedRules()).toBeUndefined();
  });

  it("are refused where Central would refuse them", () => {
    const tried = new ShareRules(now.rules);
    tried.cap = "101";
    expect(tried.sharesValid).toBe(false);
    tried.write(now.rules);
    expect(tried.sharesValid).toBe(true);
  });
});
