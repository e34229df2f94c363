import { beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { MarketOfferingView } from "$lib/api/bindings/MarketOfferingView";
import { CallError } from "$lib/api/error";

import { Market } from "./market.svelte";

type Asked = { search: string; own: boolean; page: { after?: string; limit: number } };

const offering = (offering_id: string, name = "Seat") =>
  ({ offering_id, name, provider_id: "p1" }) as MarketOfferingView;
const offline = () => Promise.reject(new CallError({ code: "server_unreachable", detail: "" }));

let asked: Asked[];
let answer: (asked: Asked) => unknown;

beforeEach(() => {
  asked = [];
  answer = () => ({ rows: [offering("o1"), offering("o2")] });
  useTransport({
    call: (async (_command: string, args: Asked) => {
      asked.push(args);
      return answer(args);
    }) as never,
    listen: () => () => undefined,
  });
});

describe("Market", () => {
  it("begins with what the shop sells itself, and asks without the spaces around", async () => {
    const market = new Market();
    market.search = "  sea ";
    await market.restart();
    expect(asked).toEqual([{ search: "sea", own: true, page: { limit: 50 } }]);
    expect(market.searched).toBe(true);
    expect(market.ended).toBe(true);
    market.search = "   ";
    expect(market.searched).toBe(false);
  });

  it("shows nothing of the other list while it is asked for", async () => {
    const market = new Market();
    await market.restart();
    const shown = market.show(false);
    expect(market.rows).toEqual([]);
    expect(market.loaded).toBe(false);
    await shown;
    expect(asked[1]?.own).toBe(false);
    expect(market.rows).toHaveLength(2);
  });

  it("goes on block by block, each row once", async () => {
    answer = ({ page }) =>
      page.after === undefined ? { rows: [offering("o1")], next: "k" } : { rows: [offering("o2")] };
    const market = new Market();
    await market.restart();
    expect(market.ended).toBe(false);
    await market.more();
    await market.more();
    expect(market.rows.map((row) => row.offering_id)).toEqual(["o1", "o2"]);
    expect(asked.map(({ page }) => page.after)).toEqual([undefined, "k"]);
  });

  it("finds nothing without a fault", async () => {
    answer = () => ({ rows: [] });
    const market = new Market();
    await market.restart();
    expect([market.rows, market.ended, market.error]).toEqual([[], true, undefined]);
  });

  it("says that Central cannot be reached, keeps what is shown, and asks again when told to", async () => {
    const market = new Market();
    await market.restart();
    answer = offline;
    await market.restart();
    expect(market.error?.code).toBe("server_unreachable");
    expect(market.rows).toHaveLength(2);
    expect(market.loading).toBe(false);
    await market.more();
    await market.renew();
    expect(asked).toHaveLength(2);
    answer = () => ({ rows: [offering("o3")] });
    await market.restart();
    expect(market.error).toBeUndefined();
    expect(market.rows.map((row) => row.offering_id)).toEqual(["o3"]);
  });

  it("drops an answer to a question that nobody asks any more", async () => {
    let late: (block: unknown) => void = () => undefined;
    const waiting = new Promise((resolve) => {
      late = resolve;
    });
    answer = ({ search }) => (search === "s" ? waiting : { rows: [offering("o9", "Sea")] });
    const market = new Market();
    market.search = "s";
    const first = market.restart();
    market.search = "sea";
    await market.restart();
    late({ rows: [offering("o1")] });
    await first;
    expect(market.rows.map((row) => row.offering_id)).toEqual(["o9"]);
    expect(market.loading).toBe(false);
  });

  it("asks how one offering is sold by now", async () => {
    const market = new Market();
    answer = () => ({
      offering_id: "o2",
      name: "Seat",
      unit_base: "10",
      markup_percent: 12,
      currency: "EUR",
    });
    expect(await market.terms(offering("o2"))).toMatchObject({ unit_base: "10" });
    expect(asked).toEqual([{ provider_id: "p1", offering_id: "o2", name: "Seat" }]);
    answer = offline;
    await expect(market.terms(offering("o2"))).rejects.toMatchObject({ code: "server_unreachable" });
    expect(market.error, "the page's own list is not concerned").toBeUndefined();
  });
});
