import type { OfferingAttribute } from "$lib/api/bindings/OfferingAttribute";
import type { OfferingStatus } from "$lib/api/bindings/OfferingStatus";
import type { OfferingView } from "$lib/api/bindings/OfferingView";
import type { SaveOffering } from "$lib/api/bindings/SaveOffering";
import { type CallError, mayHaveHappened } from "$lib/api/error";
import { mintId } from "$lib/api/ids";
import { m } from "$lib/paraglide/messages";

const LONGEST_TERM = 3_660;
const LARGEST_STOCK = 1_000_000_000;
const HIGHEST_PRICE = 9_000_000_000n;
const MOST_ATTRIBUTES = 20;

/** Whether it is a price that Central takes: a plain number with nine decimals at most. */
export function isExactPrice(text: string): boolean {
  const match = /^(\d{1,10})(?:\.(\d{1,9}))?$/.exec(text.trim());
  if (!match) return false;
  const whole = BigInt(match[1]!);
  return whole < HIGHEST_PRICE || (whole === HIGHEST_PRICE && /^0*$/.test(match[2] ?? ""));
}

/** "quality: 4K", one in each line; nothing where a line is not like this. */
export function readAttributes(text: string): OfferingAttribute[] | undefined {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const read = lines.map((line) => {
    const at = line.indexOf(":");
    return { name: line.slice(0, Math.max(at, 0)).trim(), text: line.slice(at + 1).trim() };
  });
  const fits = ({ name, text: said }: OfferingAttribute) =>
    name !== "" && [...name].length <= 40 && said !== "" && [...said].length <= 500;
  const names = new Set(read.map(({ name }) => name));
  return read.length <= MOST_ATTRIBUTES && names.size === read.length && read.every(fits) ? read : undefined;
}

/** Digits, or nothing: what nothing means is for the field to say. */
function whole(text: string, most: number): number | undefined | null {
  const typed = text.trim();
  if (typed === "") return undefined;
  return /^\d{1,10}$/.test(typed) && Number(typed) <= most ? Number(typed) : null;
}

/** An offering as it is being written. */
export class OfferingForm {
  readonly offeringId: string;
  readonly revision: number;
  article = $state("");
  name = $state("");
  description = $state("");
  price = $state("");
  term = $state("30");
  stock = $state("");
  attributes = $state("");
  status = $state<OfferingStatus>("active");
  /** A new one that may be there already: until that is known it is sent again as it is. */
  pending = $state(false);

  constructor(
    readonly providerId: string,
    offering: OfferingView | undefined,
  ) {
    // A new offering keeps its id over every try, so that a repeat cannot make a second one.
    this.offeringId = offering?.offering_id ?? mintId();
    this.revision = offering?.revision ?? 0;
    if (!offering) return;
    this.article = offering.article;
    this.name = offering.name;
    this.description = offering.description;
    this.price = offering.base_price;
    this.term = offering.term_days === 0 ? "" : String(offering.term_days);
    this.stock = offering.stock === undefined ? "" : String(offering.stock);
    this.attributes = offering.attributes.map(({ name, text }) => `${name}: ${text}`).join("\n");
    this.status = offering.status;
  }

  get isNew(): boolean {
    return this.revision === 0;
  }

  get problems() {
    const [article, name] = [this.article.trim(), this.name.trim()];
    return {
      article: article === "" || [...article].length > 64 ? m.offering_article_needed() : undefined,
      name: name === "" || [...name].length > 100 ? m.offering_name_needed() : undefined,
      price: isExactPrice(this.price) ? undefined : m.offering_price_wrong(),
      term: whole(this.term, LONGEST_TERM) === null ? m.offering_term_wrong() : undefined,
      stock: whole(this.stock, LARGEST_STOCK) === null ? m.offering_stock_wrong() : undefined,
      attributes: readAttributes(this.attributes) ? undefined : m.offering_attributes_wrong(),
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  failed(error: CallError): void {
    this.pending = this.isNew && mayHaveHappened(error);
  }

  request(): SaveOffering {
    const stock = whole(this.stock, LARGEST_STOCK);
    return {
      provider_id: this.providerId,
      offering_id: this.offeringId,
      article: this.article.trim(),
      name: this.name.trim(),
      description: this.description.trim(),
      base_price: this.price.trim(),
      term_days: whole(this.term, LONGEST_TERM) ?? 0,
      attributes: readAttributes(this.attributes) ?? [],
      ...(typeof stock === "number" ? { stock } : {}),
      status: this.status,
      revision: this.revision,
    };
  }
}
