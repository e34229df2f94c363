import type { DocumentFile } from "$lib/api/bindings/DocumentFile";
import type { OfferingLine } from "$lib/api/bindings/OfferingLine";
import type { OfferingView } from "$lib/api/bindings/OfferingView";
import type { RefusedOffering } from "$lib/api/bindings/RefusedOffering";
import { formatCount } from "$lib/format/amount";
import { csvFile, csvText } from "$lib/format/csv";
import { csvLines } from "$lib/format/csvRead";
import { m } from "$lib/paraglide/messages";

export type OfferingColumn = Exclude<keyof OfferingLine, "line">;

/** As many offerings as one file may have. */
const MOST_LINES = 100_000;
/** Lines in a part: as many as Central takes at once. */
const PART = 500;
/** Characters in a part. The server takes a megabyte, and a character has up to three bytes. */
const PART_TEXT = 250_000;

/** Which headings a column has, without blanks, hyphens and capitals. The first is the one that we write. */
const HEADINGS: Record<OfferingColumn, string[]> = {
  article: ["article", "sku", "articlenumber", "productid", "id"],
  name: ["name", "offering", "title", "product"],
  description: ["description", "text"],
  base_price: ["baseprice", "price", "cost"],
  term_days: ["termdays", "term", "days"],
  attributes: ["attributes", "properties"],
  stock: ["stock", "quantity", "units"],
  status: ["status", "state"],
};

/** How a column is called in a file that we write. */
export const OFFERING_HEADINGS: Record<OfferingColumn, string> = {
  article: "article",
  name: "name",
  description: "description",
  base_price: "base price",
  term_days: "term days",
  attributes: "attributes",
  stock: "stock",
  status: "status",
};

export const OFFERING_COLUMNS = Object.keys(HEADINGS) as OfferingColumn[];
const NEEDED: OfferingColumn[] = ["article", "name", "base_price"];

/** Why a file cannot be used at all, in words. */
export class OfferingsFileProblem extends Error {}

export interface OfferingsFile {
  lines: OfferingLine[];
  columns: OfferingColumn[];
  /** Headings that mean nothing here: their cells are left out. */
  unread: string[];
  /** An article that stands in the file twice: Central sees a part of the file at a time. */
  twice: RefusedOffering[];
}

const bare = (heading: string) => heading.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

function placesOf(head: string[]): { places: Map<OfferingColumn, number>; unread: string[] } {
  const places = new Map<OfferingColumn, number>();
  const unread: string[] = [];
  for (const [at, heading] of head.entries()) {
    const column = OFFERING_COLUMNS.find((one) => HEADINGS[one].includes(bare(heading)));
    if (column && places.has(column))
      throw new OfferingsFileProblem(m.import_twice({ heading: heading.trim() }));
    if (column) places.set(column, at);
    else if (heading.trim() !== "") unread.push(heading.trim());
  }
  const missing = NEEDED.find((column) => !places.has(column));
  if (missing) throw new OfferingsFileProblem(m.offfile_no_column({ heading: OFFERING_HEADINGS[missing] }));
  return { places, unread };
}

function twiceIn(lines: OfferingLine[]): RefusedOffering[] {
  const first = new Map<string, number>();
  const twice: RefusedOffering[] = [];
  for (const { line, article } of lines) {
    const known = first.get(article);
    if (known === undefined) first.set(article, line);
    else if (article !== "")
      twice.push({ line, field: "article", detail: m.offfile_twice({ line: String(known) }) });
  }
  return twice;
}

/** The offerings of a file, by its headings. */
export function readOfferings(text: string): OfferingsFile {
  const [head, ...rest] = csvLines(text);
  if (!head || rest.length === 0) throw new OfferingsFileProblem(m.offfile_empty());
  const { places, unread } = placesOf(head.cells);
  if (rest.length > MOST_LINES) {
    const [most, found] = [formatCount(MOST_LINES), formatCount(rest.length)];
    throw new OfferingsFileProblem(m.offfile_too_long({ most, lines: found }));
  }
  const cell = (cells: string[], column: OfferingColumn) => cells[places.get(column) ?? -1]?.trim() ?? "";
  const lines = rest.map(({ line, cells }): OfferingLine => ({
    line,
    article: cell(cells, "article"),
    name: cell(cells, "name"),
    description: cell(cells, "description"),
    base_price: cell(cells, "base_price"),
    term_days: cell(cells, "term_days"),
    attributes: cell(cells, "attributes"),
    stock: cell(cells, "stock"),
    status: cell(cells, "status"),
  }));
  return { lines, columns: [...places.keys()], unread, twice: twiceIn(lines) };
}

/** The next lines: as many as a part may have, and no more text than the server takes at once. */
export function offeringsPart(lines: OfferingLine[], from: number): OfferingLine[] {
  let [to, size] = [from, 0];
  while (to < lines.length && to - from < PART) {
    size += OFFERING_COLUMNS.reduce((sum, column) => sum + lines[to]![column].length, 0);
    if (size > PART_TEXT && to > from) break;
    to += 1;
  }
  return lines.slice(from, to);
}

/** Offerings as a file that can be read in again without loss: prices with every digit. */
export function offeringsFile(name: string, offerings: OfferingView[]): DocumentFile {
  const line = (one: OfferingView) => [
    csvText(one.article),
    csvText(one.name),
    csvText(one.description),
    one.base_price,
    one.term_days === 0 ? "" : String(one.term_days),
    one.attributes.length === 0
      ? ""
      : JSON.stringify(Object.fromEntries(one.attributes.map(({ name: key, text }) => [key, text]))),
    one.stock === undefined ? "" : String(one.stock),
    one.status,
  ];
  return csvFile(name, [OFFERING_COLUMNS.map((column) => OFFERING_HEADINGS[column]), ...offerings.map(line)]);
}
