import { beforeEach, describe, expect, it, vi } from "vitest";

import type { ImportOrders } from "$lib/api/bindings/ImportOrders";
import type { OrderView } from "$lib/api/bindings/OrderView";

import { ORDER_COLUMNS, ORDER_HEADINGS, ORDER_RULES, ordersFile, readOrders } from "./ordersFile";
import { OrdersImport } from "./ordersImport.svelte";

const backend = vi.hoisted(() => ({ call: vi.fn() }));
vi.mock("$lib/api/backend", () => backend);

const euros = (value: number) => ({ value, unit: "EUR" });

const ORDER: OrderView = {
  order_id: "o-1",
  contract_id: "CF-0123456789",
  reseller_id: "r-1",
  reseller_username: "navid",
  company: "Navid Telecom",
  provider_id: "p-1",
  provider_name: "=Northlight",
  offering_id: "f-1",
  offering_name: "Cinema, 4K",
  term_days: 30,
  source: "market",
  state: "partial",
  quantity: 3,
  price: {
    unit_base: "12.345678901",
    markup_percent: 12,
    base_exact: "37.037036703",
    markup_exact: "4.444444404",
    total_exact: "41.481481107",
    base: euros(3_704),
    markup: euros(444),
    total: euros(4_148),
  },
  refunded: euros(1_005),
  delivered: 2,
  unsent: 0,
  customer: { name: "'=Nina", email: "nina@example.org", phone: "+49 30 555", note: 'One\n"two"' },
  payment_method: "cash",
  payment_reference: "-18",
  external_id: "NL-4711",
  details: [
    { name: "host", text: "n1.example, port 2" },
    { name: "login", text: "amber-17" },
  ],
  created_at: Date.UTC(2026, 10, 20, 10, 30, 0, 123),
  placed_at: Date.UTC(2026, 10, 20, 10, 30, 0, 123),
  paid_at: Date.UTC(2026, 10, 20, 11),
  changed_at: 0,
};

const content = (base64: string) =>
  new TextDecoder().decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));

const chosen = (text: string) =>
  ({
    name: "orders.csv",
    size: text.length,
    arrayBuffer: async () => new TextEncoder().encode(text).buffer,
  }) as unknown as File;

const NEEDED = ORDER_RULES.needed.map((column) => ORDER_HEADINGS[column]).join(",");
const text = (ids: string[]) =>
  `${NEEDED}\n${ids.map((id) => `${id},a,b,c,1,1,0,paid,2026-11-20,N\n`).join("")}`;

describe("a file of orders", () => {
  it("comes back as it was saved, every digit and millisecond of it", () => {
    const read = readOrders(content(ordersFile("a.csv", [ORDER]).content));
    expect(read.unread).toEqual([]);
    expect(read.columns).toEqual(ORDER_COLUMNS);
    expect(read.lines).toEqual([
      {
        line: 2,
        contract_id: "CF-0123456789",
        reseller: "navid",
        provider: "=Northlight",
        offering: "Cinema, 4K",
        quantity: "3",
        unit_price: "12.345678901",
        markup: "12",
        base: "37.037036703",
        commission: "4.444444404",
        total: "41.481481107",
        currency: "EUR",
        state: "partial",
        delivered: "2",
        refunded: "10.05",
        placed: "2026-11-20T10:30:00.123Z",
        paid: "2026-11-20T11:00:00.000Z",
        ended: "",
        term_days: "30",
        external_id: "NL-4711",
        details: '{"host":"n1.example, port 2","login":"amber-17"}',
        customer_name: "'=Nina",
        customer_email: "nina@example.org",
        customer_phone: "+49 30 555",
        customer_note: 'One\n"two"',
        payment_method: "cash",
        payment_reference: "-18",
        reason: "",
        source: "market",
      },
    ]);
  });

  it("names a reseller by its id where nobody told its user name", () => {
    const [line] = readOrders(
      content(ordersFile("a.csv", [{ ...ORDER, reseller_username: "" }]).content),
    ).lines;
    expect(line?.reseller).toBe("r-1");
  });

  it("says why it cannot be used at all", () => {
    expect(() => readOrders(`${NEEDED}\n`)).toThrow("no orders");
    expect(() => readOrders("contract id,reseller\nA,b\n")).toThrow("provider");
    expect(() => readOrders(`${NEEDED},order id\n${"A,".repeat(10)}\n`)).toThrow("order id");
  });

  it("knows a contract id that stands in it twice, in any letters", () => {
    const { twice } = readOrders(text(["ORD-1", "ORD-2", "ord-1"]));
    expect(twice.map(({ line, field }) => [line, field])).toEqual([[4, "contract_id"]]);
    expect(twice[0]?.detail).toContain("line 2");
  });
});

describe("an import of orders", () => {
  beforeEach(() => {
    backend.call.mockReset();
    backend.call.mockImplementation(async (_command: string, part: ImportOrders) => ({
      created: part.lines.length - 1,
      same: 1,
      written: !part.dry_run,
      refused: [],
    }));
  });

  it("tries all parts before it writes one, and counts what is here already", async () => {
    const work = new OrdersImport();
    await work.choose(chosen(text(Array.from({ length: 501 }, (_, at) => `ORD-${at}`))));
    expect(await work.write()).toBe(false);
    await work.try();
    expect([work.ready, work.counts, work.writes]).toEqual([
      true,
      { created: 499, changed: 0, same: 2 },
      499,
    ]);
    expect(await work.write()).toBe(true);
    expect(
      backend.call.mock.calls.map(([command, part]) => [command, part.dry_run, part.lines.length]),
    ).toEqual([
      ["import_orders", true, 500],
      ["import_orders", true, 1],
      ["import_orders", false, 500],
      ["import_orders", false, 1],
    ]);
  });
});
