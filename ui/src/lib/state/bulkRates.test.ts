import { beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { ResellerView } from "$lib/api/bindings/ResellerView";
import type { SetResellerRates } from "$lib/api/bindings/SetResellerRates";

import { BulkRates, MOST_RESELLERS } from "./bulkRates.svelte";

let asked: SetResellerRates[];

beforeEach(() => {
  asked = [];
  useTransport({
    call: async (_command, args) => {
      asked.push(args as SetResellerRates);
      const rows = (args as SetResellerRates).resellers.map(({ reseller_id }, at) =>
        at === 0 ? { reseller_id, refused: "same" } : { reseller_id },
      );
      return { valid_from: 0, rows };
    },
    listen: () => () => undefined,
  });
});

const reseller = (id: string, settlement_mode: ResellerView["settlement_mode"]) =>
  ({ reseller_id: id, company: `Company ${id}`, settlement_mode }) as ResellerView;

describe("BulkRates", () => {
  it("chooses one by one, those found, and those who sell by share", () => {
    const bulk = new BulkRates([reseller("a", "share"), reseller("b", "wholesale"), reseller("c", "share")]);
    expect(bulk.ready).toBe(false);
    bulk.toggle("b");
    bulk.choose(bulk.byShare);
    expect([...bulk.chosen]).toEqual(["b", "a", "c"]);
    bulk.toggle("b");
    expect(bulk.chosen.size).toBe(2);
    bulk.search = " company B";
    expect(bulk.found.map((one) => one.reseller_id)).toEqual(["b"]);
    expect(bulk.ready).toBe(true);
  });

  it("sets exactly what was looked at, under the same ids however often it is sent", async () => {
    const bulk = new BulkRates([reseller("a", "share"), reseller("b", "share")]);
    bulk.choose(bulk.all);
    bulk.choice.kind = "fixed";
    bulk.choice.percent = "12.5";
    bulk.fromDay = "2026-12-01";
    await bulk.look();
    expect(bulk.willChange).toBe(1);
    // What is typed after the look is not what was looked at.
    bulk.note = "later";
    await bulk.set();
    await bulk.set();
    expect(asked.map((one) => one.dry_run)).toEqual([true, false, false]);
    expect(asked[1]).toEqual({ ...asked[0], dry_run: false });
    expect(asked[2]).toEqual(asked[1]);
    expect(asked[0]).toMatchObject({ rate: { kind: "fixed", basis_points: 1_250 }, from_day: "2026-12-01" });
    bulk.back();
    expect([bulk.preview, bulk.chosen.size]).toEqual([undefined, 2]);
  });

  it("refuses more than one call takes", () => {
    const many = Array.from({ length: MOST_RESELLERS + 1 }, (_, at) => reseller(String(at), "share"));
    const bulk = new BulkRates(many);
    bulk.choose(many);
    expect([bulk.tooMany, bulk.ready]).toEqual([true, false]);
  });
});
