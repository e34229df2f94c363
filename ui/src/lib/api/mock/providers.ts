import type { ExternalProviderView } from "../bindings/ExternalProviderView";
import type { ImportedOfferings } from "../bindings/ImportedOfferings";
import type { OfferingLine } from "../bindings/OfferingLine";
import type { OfferingsPage } from "../bindings/OfferingsPage";
import type { OfferingsRequest } from "../bindings/OfferingsRequest";
import type { OfferingView } from "../bindings/OfferingView";
import type { ProviderView } from "../bindings/ProviderView";
import type { RefusedLine } from "../bindings/RefusedLine";
import type { RelationshipView } from "../bindings/RelationshipView";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { totalOf, withMarkup } from "../../format/exact";
import { DAY, hash, inventId, LONG_NAME, NOW } from "./invent";
import type { Switches } from "./switches";

/** Name, currency, offerings of each. */
const PROVIDERS: [string, string, number][] = [
  ["Harbour Lights", "EUR", 100_000],
  ["Polder Sports", "USD", 240],
  ["Tokai Cinema", "JPY", 12],
  ["Quiet Valley", "EUR", 0],
];
const KINDS = ["News", "Sports", "Cinema", "Music", "Family", "Kids"];
const GRADES = ["HD", "4K", "Mobile"];

const pad = (index: number) => String(index).padStart(6, "0");

export function inventOffering(
  provider: ProviderView,
  at: number,
  index: number,
  long: boolean,
): OfferingView {
  const [kind, grade] = [KINDS[hash(index) % KINDS.length]!, GRADES[hash(index + 7) % GRADES.length]!];
  const cents = 200 + (hash(index) % 4_800);
  return {
    offering_id: inventId(92 + at, index),
    provider_id: provider.provider_id,
    article: `HL-${pad(index)}`,
    name: long && index === 1 ? LONG_NAME : `${kind} ${grade} ${pad(index)}`,
    description: `${kind} in ${grade}, in two languages.`,
    base_price: index === 0 ? "12.345678901" : String(cents / 100),
    currency: provider.currency,
    term_days: index % 9 === 8 ? 0 : [30, 90, 365][index % 3]!,
    attributes: [{ name: "quality", text: grade }],
    ...(index % 4 === 3 ? { stock: hash(index) % 50 } : {}),
    status: index % 11 === 10 ? "withdrawn" : "active",
    revision: 1,
    changed_at: NOW - ((index % 90) + 1) * DAY,
  };
}

const wordsOf = (text: string) =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** Providers, what they offer, and what one shop sells of them. */
export class MockProviders {
  rows: ProviderView[];
  #counts: number[];
  #changed = new Map<string, OfferingView>();
  #added = new Map<string, OfferingView[]>();
  #relationships = new Map<string, RelationshipView>();

  constructor(private switches: Switches) {
    const none = switches.show === "empty";
    this.#counts = PROVIDERS.map(([, , count]) => count);
    this.rows = none
      ? []
      : PROVIDERS.map(([name, currency, count], index): ProviderView => ({
          provider_id: inventId(90, index),
          name: switches.long && index === 1 ? LONG_NAME.slice(0, 100) : name,
          contact_name: index === 3 ? "" : "Mira Castell",
          email: index === 3 ? "" : `sales@provider-${index + 1}.example.org`,
          phone: "+49 30 5550177",
          website: index === 3 ? "" : `https://provider-${index + 1}.example.org`,
          currency,
          status: index === 2 ? "suspended" : "active",
          notes: index === 0 ? "Pays on the 5th of each month." : "",
          revision: 1,
          offerings: count,
          resellers: index === 3 ? 0 : 3 - index,
          created_at: NOW - 200 * DAY,
          changed_at: NOW - (index + 1) * DAY,
        }));
    for (const [index, markup, status] of [
      [0, 12, "active"],
      [2, 10, "suspended"],
    ] as const) {
      const provider = this.rows[index];
      if (provider) this.#relationships.set(provider.provider_id, this.#invent(provider, markup, status));
    }
  }

  #invent(provider: ProviderView, markup: number, status: RelationshipView["status"]): RelationshipView {
    return {
      relationship_id: inventId(91, this.rows.indexOf(provider)),
      provider_id: provider.provider_id,
      provider_name: provider.name,
      currency: provider.currency,
      markup,
      status,
      revision: 1,
      created_at: NOW - 60 * DAY,
      changed_at: NOW - 60 * DAY,
    };
  }

  one(provider_id: string): ProviderView {
    const found = this.rows.find((row) => row.provider_id === provider_id);
    if (!found) throw new CallError({ code: "not_found", detail: provider_id });
    return found;
  }

  #at(provider_id: string, index: number): OfferingView {
    const provider = this.one(provider_id);
    const at = this.rows.indexOf(provider);
    const invented = inventOffering(provider, at, index, this.switches.long);
    return this.#changed.get(invented.offering_id) ?? invented;
  }

  /** Those that fit, from a place on; added ones come first. */
  page({ provider_id, search, status, page }: OfferingsRequest, shop: boolean): OfferingsPage {
    const provider = this.one(provider_id);
    const added = this.#added.get(provider_id) ?? [];
    const total = added.length + (this.#counts[this.rows.indexOf(provider)] ?? 0);
    const asked = wordsOf(search);
    const wanted = status ?? (shop ? "active" : undefined);
    const fits = (row: OfferingView) => {
      const words = wordsOf(`${row.article} ${row.name} ${row.description}`);
      const found = asked.every((one) => words.some((word) => word.startsWith(one)));
      return found && (wanted === undefined || row.status === wanted);
    };
    const rows: OfferingView[] = [];
    let index = page.after === undefined ? (page.offset ?? 0) : Number(page.after);
    for (; index < total && rows.length < page.limit; index += 1) {
      const row = added[index] ?? this.#at(provider_id, index - added.length);
      if (fits(row)) rows.push(shop ? this.#priced(row) : row);
    }
    return index < total ? { rows, next: String(index) } : { rows };
  }

  #priced(row: OfferingView): OfferingView {
    const known = this.#relationships.get(row.provider_id);
    if (!known) return row;
    const price_exact = withMarkup(row.base_price, known.markup);
    const price = totalOf(price_exact, 1, row.currency);
    return { ...row, price_exact, ...(price ? { price } : {}) };
  }

  save(form: Commands["save_provider"]["args"]): ProviderView {
    const key = form.name.toLowerCase();
    const known = this.rows.find((row) => row.provider_id === form.provider_id);
    const taken = this.rows.some((row) => row !== known && row.name.toLowerCase() === key);
    if (taken || (known && known.revision !== form.revision))
      throw new CallError({ code: "conflict", detail: "mock" });
    const saved: ProviderView = {
      ...form,
      revision: form.revision + 1,
      offerings: known?.offerings ?? 0,
      resellers: known?.resellers ?? 0,
      created_at: known?.created_at ?? NOW,
      changed_at: NOW,
    };
    this.rows = known ? this.rows.map((row) => (row === known ? saved : row)) : [...this.rows, saved];
    return saved;
  }

  #find(provider_id: string, test: (row: OfferingView) => boolean): OfferingView | undefined {
    const added = (this.#added.get(provider_id) ?? []).find(test);
    if (added) return added;
    const count = this.#counts[this.rows.indexOf(this.one(provider_id))] ?? 0;
    for (let index = 0; index < count; index += 1) {
      const row = this.#at(provider_id, index);
      if (test(row)) return row;
    }
    return undefined;
  }

  saveOffering(form: Commands["save_offering"]["args"]): OfferingView {
    const { currency } = this.one(form.provider_id);
    const known = this.#find(form.provider_id, (row) => row.article === form.article);
    if (known && known.offering_id !== form.offering_id)
      throw new CallError({ code: "conflict", detail: "mock" });
    const saved: OfferingView = { ...form, currency, revision: form.revision + 1, changed_at: NOW };
    this.#keep(saved, form.revision === 0);
    return saved;
  }

  #keep(saved: OfferingView, fresh: boolean): void {
    const added = this.#added.get(saved.provider_id) ?? [];
    const mine = added.some((row) => row.offering_id === saved.offering_id);
    if (fresh) this.#added.set(saved.provider_id, [saved, ...added]);
    else if (mine)
      this.#added.set(
        saved.provider_id,
        added.map((row) => (row.offering_id === saved.offering_id ? saved : row)),
      );
    else this.#changed.set(saved.offering_id, saved);
  }

  import({ provider_id, dry_run, lines }: Commands["import_offerings"]["args"]): ImportedOfferings {
    const refused = lines.flatMap((line) => wrongIn(line));
    const done: ImportedOfferings = { created: 0, changed: 0, same: 0, written: false, refused };
    const { currency } = this.one(provider_id);
    for (const line of lines) {
      if (refused.some((one) => one.line === line.line)) continue;
      const known = this.#find(provider_id, (row) => row.article === line.article);
      const same = known?.name === line.name && known.base_price === line.base_price;
      done[known ? (same ? "same" : "changed") : "created"] += 1;
      if (dry_run || refused.length > 0 || same) continue;
      const offering_id = known?.offering_id ?? inventId(99, line.line + hash(line.article.length));
      this.#keep(offeringOf(line, { provider_id, offering_id, currency }, known), known === undefined);
    }
    done.written = !dry_run && refused.length === 0;
    return done;
  }

  external(search: string): ExternalProviderView[] {
    return this.rows
      .filter((row) => row.status === "active" || this.#relationships.has(row.provider_id))
      .filter((row) => row.name.toLowerCase().includes(search.trim().toLowerCase()))
      .map(({ provider_id, name, website, currency, status, offerings }) => {
        const relationship = this.#relationships.get(provider_id);
        const whole = { provider_id, name, website, currency, status, offerings };
        return relationship ? { ...whole, relationship } : whole;
      });
  }

  open({ provider_id, markup = 10 }: Commands["open_relationship"]["args"]): RelationshipView {
    const known = this.#relationships.get(provider_id);
    if (known && known.status !== "inactive") throw new CallError({ code: "conflict", detail: "mock" });
    const opened = {
      ...this.#invent(this.one(provider_id), markup, "active"),
      revision: (known?.revision ?? 0) + 1,
    };
    this.#relationships.set(provider_id, opened);
    return opened;
  }

  change(provider_id: string, change: Partial<RelationshipView>): RelationshipView {
    const known = this.#relationships.get(provider_id);
    if (!known) throw new CallError({ code: "not_found", detail: provider_id });
    if (change.revision !== undefined && change.revision !== known.revision)
      throw new CallError({ code: "conflict", detail: "mock" });
    const after = { ...known, ...change, revision: known.revision + 1, changed_at: NOW };
    this.#relationships.set(provider_id, after);
    return after;
  }
}

function wrongIn({ line, article, name, base_price }: OfferingLine): RefusedLine[] {
  if (article === "") return [{ line, field: "article", detail: "1 to 64 characters" }];
  if (name === "") return [{ line, field: "name", detail: "1 to 100 characters" }];
  const detail = "a price is a plain number such as 12.5, with a point and no sign, spaces or separators";
  return /^\d+(\.\d{1,9})?$/.test(base_price) ? [] : [{ line, field: "base_price", detail }];
}

/** An empty cell leaves the stock as it is. */
function stockOf(cell: string, known: number | undefined): { stock?: number } {
  const stock = cell === "" ? known : cell === "unlimited" ? undefined : Number(cell);
  return stock === undefined ? {} : { stock };
}

function offeringOf(
  line: OfferingLine,
  whose: Pick<OfferingView, "provider_id" | "offering_id" | "currency">,
  known: OfferingView | undefined,
): OfferingView {
  return {
    ...whose,
    article: line.article,
    name: line.name,
    description: line.description,
    base_price: line.base_price,
    term_days: Number(line.term_days || 0),
    attributes: known?.attributes ?? [],
    ...stockOf(line.stock, known?.stock),
    status: line.status === "withdrawn" ? "withdrawn" : "active",
    revision: (known?.revision ?? 0) + 1,
    changed_at: NOW,
  };
}

export function providerHandlers(switches: () => Switches) {
  let made: MockProviders | undefined;
  const all = () => (made ??= new MockProviders(switches()));
  const staff = () => switches().role === "admin" && ["super_admin", "admin"].includes(switches().staff);

  return {
    provider_page: ({ search }: Commands["provider_page"]["args"]) => {
      const text = search.trim().toLowerCase();
      const rows = all().rows.filter((row) => row.name.toLowerCase().includes(text));
      return { rows, may_manage: staff() };
    },
    provider: ({ provider_id }: Commands["provider"]["args"]) => all().one(provider_id),
    save_provider: (form: Commands["save_provider"]["args"]) => all().save(form),
    offering_page: (request: Commands["offering_page"]["args"]) => all().page(request, false),
    save_offering: (form: Commands["save_offering"]["args"]) => all().saveOffering(form),
    import_offerings: (part: Commands["import_offerings"]["args"]) => all().import(part),
    external_provider_page: ({ search }: Commands["external_provider_page"]["args"]) => ({
      rows: all().external(search),
      may_manage: switches().role === "shop",
    }),
    external_offering_page: (request: Commands["external_offering_page"]["args"]) =>
      all().page(request, true),
    open_relationship: (asked: Commands["open_relationship"]["args"]) => all().open(asked),
    save_relationship: ({ provider_id, ...change }: Commands["save_relationship"]["args"]) =>
      all().change(provider_id, change),
    end_relationship: ({ provider_id }: Commands["end_relationship"]["args"]) =>
      all().change(provider_id, { status: "inactive" }),
  };
}
