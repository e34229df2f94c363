import type { DocumentFile } from "$lib/api/bindings/DocumentFile";
import type { OfferingLine } from "$lib/api/bindings/OfferingLine";
import type { OfferingView } from "$lib/api/bindings/OfferingView";
import { csvFile, csvText } from "$lib/format/csv";
import { m } from "$lib/paraglide/messages";

import { readTable, type TableRules, type TriedFile, twiceIn } from "./importFile";

export type OfferingColumn = Exclude<keyof OfferingLine, "line">;

/** In the column of the stock: as many as somebody orders. The core reads the same word. */
const UNLIMITED = "unlimited";

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

const OFFERING_COLUMNS = Object.keys(OFFERING_HEADINGS) as OfferingColumn[];

export const OFFERING_RULES: TableRules<OfferingColumn> = {
  headings: {
    article: ["article", "sku", "articlenumber", "productid", "id"],
    name: ["name", "offering", "title", "product"],
    description: ["description", "text"],
    base_price: ["baseprice", "price", "cost"],
    term_days: ["termdays", "term", "days"],
    attributes: ["attributes", "properties"],
    stock: ["stock", "quantity", "units"],
    status: ["status", "state"],
  },
  needed: ["article", "name", "base_price"],
  mostLines: 100_000,
  mostBytes: 64 * 1024 * 1024,
  words: {
    empty: () => m.offfile_empty(),
    noColumn: (column) => m.offfile_no_column({ heading: OFFERING_HEADINGS[column] }),
    tooLong: m.offfile_too_long,
    tooLarge: () => m.offfile_too_large(),
  },
};

/** The offerings of a file, by its headings. */
export function readOfferings(text: string): TriedFile<OfferingColumn> {
  const table = readTable(text, OFFERING_RULES);
  return { ...table, twice: twiceIn(table.lines, "article", m.offfile_twice) };
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
    one.stock === undefined ? UNLIMITED : String(one.stock),
    one.status,
  ];
  return csvFile(name, [OFFERING_COLUMNS.map((column) => OFFERING_HEADINGS[column]), ...offerings.map(line)]);
}
