import { beforeEach, describe, expect, it, vi } from "vitest";

import type { ExternalProviderView } from "$lib/api/bindings/ExternalProviderView";
import type { ImportOfferings } from "$lib/api/bindings/ImportOfferings";
import type { OfferingView } from "$lib/api/bindings/OfferingView";
import type { ProviderView } from "$lib/api/bindings/ProviderView";
import { CallError } from "$lib/api/error";

import { isExactPrice, OfferingForm, readAttributes } from "./offeringForm.svelte";
import { partOf } from "./importFile";
import { OFFERING_RULES, offeringsFile, readOfferings } from "./offeringsFile";
import { OfferingsImport } from "./offeringsImport.svelte";
import { ProviderForm } from "./providerForm.svelte";
import { readMarkup, RelationshipForm } from "./relationshipForm.svelte";

const backend = vi.hoisted(() => ({ call: vi.fn() }));
vi.mock("$lib/api/backend", () => backend);

const OFFERING: OfferingView = {
  offering_id: "o-1",
  provider_id: "p-1",
  article: "=HL-1",
  name: 'Harbour "4K"',
  description: "One\ntwo",
  base_price: "12.345678901",
  currency: "EUR",
  term_days: 0,
  attributes: [
    { name: "channels", text: "120" },
    { name: "quality", text: "4K, HDR" },
  ],
  stock: 7,
  status: "withdrawn",
  revision: 3,
  changed_at: 0,
};

const content = (base64: string) =>
  new TextDecoder().decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));

const chosen = (text: string) =>
  ({
    name: "offerings.csv",
    size: text.length,
    arrayBuffer: async () => new TextEncoder().encode(text).buffer,
  }) as unknown as File;

describe("an offering's form", () => {
  it("takes prices to the billionth, and nothing else", () => {
    for (const price of ["0", "12.345678901", "9000000000", "9000000000.000"])
      expect(isExactPrice(price), price).toBe(true);
    for (const price of ["", "-1", "1,5", "1e3", ".5", "1.", "0.0000000001", "9000000000.1", "10000000000"])
      expect(isExactPrice(price), price).toBe(false);
  });

  it("reads attributes line by line", () => {
    expect(readAttributes("quality: 4K\n\n url : https://a.b ")).toEqual([
      { name: "quality", text: "4K" },
      { name: "url", text: "https://a.b" },
    ]);
    for (const wrong of ["4K", ": 4K", "quality:", "a: 1\na: 2", `${"n".repeat(41)}: 1`])
      expect(readAttributes(wrong), wrong).toBeUndefined();
  });

  it("sends back what it was given", () => {
    const form = new OfferingForm("p-1", OFFERING);
    expect(form.valid).toBe(true);
    const { currency: _, changed_at: __, ...sent } = OFFERING;
    expect(form.request()).toEqual(sent);
  });

  it("says what is wrong, and takes empty fields for no end and no limit", () => {
    const form = new OfferingForm("p-1", undefined);
    expect(Object.entries(form.problems).flatMap(([name, problem]) => (problem ? [name] : []))).toEqual([
      "article",
      "name",
      "price",
    ]);
    form.article = "A";
    form.name = "B";
    form.price = "1";
    form.term = form.stock = "";
    expect(form.request()).toMatchObject({ term_days: 0, revision: 0 });
    expect("stock" in form.request()).toBe(false);
    form.stock = "-1";
    form.term = "3661";
    expect([form.problems.stock, form.problems.term].every(Boolean)).toBe(true);
    expect(form.request().offering_id).toBe(form.request().offering_id);
  });
});

describe("a provider's form", () => {
  it("needs a name, a currency and no strange website", () => {
    const form = new ProviderForm(undefined, "EUR");
    expect(form.problems.name).toBeDefined();
    form.name = "Harbour";
    form.currency = "usd";
    form.website = "javascript:alert(1)";
    expect(form.problems.website).toBeDefined();
    form.website = "https://example.org";
    expect(form.valid).toBe(true);
    expect(form.request()).toMatchObject({ currency: "USD", revision: 0, status: "active" });
  });

  it("keeps the id and the revision of one that is there", () => {
    const texts = { contact_name: "", email: "", phone: "", website: "", notes: "" };
    const known = { provider_id: "p-1", name: "A", currency: "EUR", revision: 4, ...texts } as ProviderView;
    expect(new ProviderForm(known, "USD").request()).toMatchObject({
      provider_id: "p-1",
      currency: "EUR",
      revision: 4,
    });
  });
});

describe("a markup", () => {
  const provider: ExternalProviderView = {
    provider_id: "p-1",
    name: "Harbour",
    website: "",
    currency: "EUR",
    status: "active",
    offerings: 1,
  };

  it("is a whole number from 0 to 50", () => {
    expect(["0", "50", " 12 "].map(readMarkup)).toEqual([0, 50, 12]);
    expect(["", "51", "-1", "1.5", "ten"].map(readMarkup)).toEqual(Array(5).fill(undefined));
  });

  it("is 10 where nobody says otherwise, and opens under one id over every try", () => {
    const form = new RelationshipForm(provider);
    expect(form.opens).toBe(true);
    expect(form.opening()).toEqual(form.opening());
    expect(form.opening().markup).toBe(10);
  });

  it("opens one that was ended under the id that it has", () => {
    const relationship = { relationship_id: "r-1", markup: 12, status: "inactive", revision: 3 } as const;
    const form = new RelationshipForm({ ...provider, relationship: { ...whole(), ...relationship } });
    expect(form.opening()).toEqual({ relationship_id: "r-1", provider_id: "p-1", markup: 12 });
  });

  it("changes the one that was looked at", () => {
    const form = new RelationshipForm({ ...provider, relationship: whole() });
    form.markup = "15";
    expect(form.opens).toBe(false);
    expect(form.change()).toEqual({ provider_id: "p-1", markup: 15, status: "active", revision: 2 });
    expect(form.change("suspended").status).toBe("suspended");
  });

  function whole() {
    return {
      relationship_id: "r-0",
      provider_id: "p-1",
      provider_name: "Harbour",
      currency: "EUR",
      markup: 11,
      status: "active" as const,
      revision: 2,
      created_at: 0,
      changed_at: 0,
    };
  }
});

describe("a file of offerings", () => {
  it("comes back as it was saved, every digit of it", () => {
    const read = readOfferings(content(offeringsFile("a.csv", [OFFERING]).content));
    expect(read.unread).toEqual([]);
    expect(read.lines).toEqual([
      {
        line: 2,
        article: "=HL-1",
        name: 'Harbour "4K"',
        description: "One\ntwo",
        base_price: "12.345678901",
        term_days: "",
        attributes: '{"channels":"120","quality":"4K, HDR"}',
        stock: "7",
        status: "withdrawn",
      },
    ]);
  });

  it("says in a word that a stock has no limit", () => {
    const endless = { ...OFFERING };
    delete endless.stock;
    const [line] = readOfferings(content(offeringsFile("a.csv", [endless]).content)).lines;
    expect(line?.stock).toBe("unlimited");
  });

  it("says why it cannot be used at all", () => {
    expect(() => readOfferings("article,name,price\n")).toThrow("no offerings");
    expect(() => readOfferings("article,name\nA,B\n")).toThrow("base price");
    expect(() => readOfferings("article,SKU,name,price\nA,A,B,1\n")).toThrow("SKU");
    expect(() => readOfferings(`article,name,price\n${"A,B,1\n".repeat(100_001)}`)).toThrow("100,000");
  });

  it("knows an article that stands in it twice", () => {
    const { twice } = readOfferings("article,name,price\nA,1,1\nB,2,1\nA,3,1\n");
    expect(twice.map(({ line, field }) => [line, field])).toEqual([[4, "article"]]);
    expect(twice[0]?.detail).toContain("line 2");
  });

  it("is sent in parts that Central takes", () => {
    const { lines } = readOfferings(`article,name,price\n${"A,B,1\n".repeat(1_100)}`);
    const parts = [0, 500, 1_000].map((from) => partOf(lines, from, OFFERING_RULES).length);
    expect(parts).toEqual([500, 500, 100]);
    const long = lines.map((line) => ({ ...line, description: "d".repeat(2_000) }));
    expect(partOf(long, 0, OFFERING_RULES).length).toBe(124);
  });
});

describe("an import", () => {
  const text = `article,name,price\n${Array.from({ length: 600 }, (_, at) => `A-${at},B,1\n`).join("")}`;

  beforeEach(() => {
    backend.call.mockReset();
    backend.call.mockImplementation(async (_command: string, part: ImportOfferings) => ({
      created: part.lines.length,
      changed: 0,
      same: 0,
      written: !part.dry_run,
      refused: [],
    }));
  });

  const sent = () => backend.call.mock.calls.map(([, part]) => [part.dry_run, part.lines.length]);

  it("tries every line before it writes one", async () => {
    const work = new OfferingsImport("p-1");
    await work.choose(chosen(text));
    expect(await work.write()).toBe(false);
    await work.try();
    expect([work.stage, work.ready, work.counts.created]).toEqual(["tried", true, 600]);
    expect(await work.write()).toBe(true);
    expect(work.stage).toBe("written");
    expect(sent()).toEqual([
      [true, 500],
      [true, 100],
      [false, 500],
      [false, 100],
    ]);
  });

  it("writes nothing while a line is refused, also one that only the whole file shows", async () => {
    const work = new OfferingsImport("p-1");
    await work.choose(chosen(`${text}A-0,Again,1\n`));
    await work.try();
    expect(work.refused.map(({ line }) => line)).toEqual([602]);
    expect([work.ready, await work.write()]).toEqual([false, false]);
    expect(sent().every(([dry]) => dry)).toBe(true);
  });

  it("goes on where it was interrupted", async () => {
    const work = new OfferingsImport("p-1");
    await work.choose(chosen(text));
    await work.try();
    const answer = backend.call.getMockImplementation()!;
    let left = 1;
    backend.call.mockImplementation(async (...asked: [string, ImportOfferings]) => {
      if (left-- === 0) throw new CallError({ code: "server_unreachable", detail: "gone" });
      return answer(...asked);
    });
    expect(await work.write()).toBe(false);
    expect([work.sent, work.error?.code, work.ready]).toEqual([500, "server_unreachable", true]);
    expect(await work.write()).toBe(true);
    expect(work.counts.created).toBe(600);
    expect(sent().slice(2)).toEqual([
      [false, 500],
      [false, 100],
      [false, 100],
    ]);
  });

  it("stops where what was tried has changed meanwhile", async () => {
    const work = new OfferingsImport("p-1");
    await work.choose(chosen(text));
    await work.try();
    const refused = [{ line: 2, field: "stock", detail: "whole units" }];
    backend.call.mockResolvedValue({ created: 0, changed: 0, same: 0, written: false, refused });
    expect(await work.write()).toBe(false);
    expect([work.ready, work.refused]).toEqual([false, refused]);
  });
});
