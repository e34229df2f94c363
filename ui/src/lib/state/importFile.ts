import type { RefusedLine } from "$lib/api/bindings/RefusedLine";
import { formatCount } from "$lib/format/amount";
import { csvDecode, CsvError, csvLines } from "$lib/format/csvRead";
import { m } from "$lib/paraglide/messages";

/** Lines in a part: as many as Central takes at once. */
const PART = 500;
/** Characters in a part. The server takes a megabyte, and a character has up to three bytes. */
const PART_TEXT = 250_000;

/** Why a file cannot be used at all, in words. What is wrong with single lines is told by the dry run. */
export class FileProblem extends Error {}

/** How a file of something is read: its columns by their headings, in any order. */
export interface TableRules<Column extends string> {
  /** Which headings a column has, without blanks, hyphens and capitals. */
  headings: Record<Column, string[]>;
  needed: Column[];
  /** Headings that we write beside the columns: they say nothing. */
  ignored?: string[];
  mostLines: number;
  mostBytes: number;
  words: {
    empty: () => string;
    noColumn: (column: Column) => string;
    tooLong: (counts: { lines: string; most: string }) => string;
    tooLarge: () => string;
  };
}

export type TableLine<Column extends string> = { line: number } & Record<Column, string>;

/** What was read of a file. */
export interface Table<Column extends string> {
  lines: TableLine<Column>[];
  columns: Column[];
  /** Headings that mean nothing here: their cells are left out. */
  unread: string[];
}

/** A file that is tried before it is written. */
export interface TriedFile<Column extends string> extends Table<Column> {
  /** What only the whole file shows to be wrong. */
  twice: RefusedLine[];
}

const bare = (heading: string) => heading.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

const columnsOf = <Column extends string>(rules: TableRules<Column>) =>
  Object.keys(rules.headings) as Column[];

function placesOf<Column extends string>(head: string[], rules: TableRules<Column>) {
  const places = new Map<Column, number>();
  const unread: string[] = [];
  const columns = columnsOf(rules);
  for (const [at, heading] of head.entries()) {
    const column = columns.find((one) => rules.headings[one].includes(bare(heading)));
    if (column && places.has(column)) throw new FileProblem(m.import_twice({ heading: heading.trim() }));
    if (column) places.set(column, at);
    else if (heading.trim() !== "" && !rules.ignored?.includes(bare(heading))) unread.push(heading.trim());
  }
  const missing = rules.needed.find((column) => !places.has(column));
  if (missing) throw new FileProblem(rules.words.noColumn(missing));
  return { places, unread, columns };
}

/** The lines of a file, by its headings. */
export function readTable<Column extends string>(text: string, rules: TableRules<Column>): Table<Column> {
  const [head, ...rest] = csvLines(text);
  if (!head || rest.length === 0) throw new FileProblem(rules.words.empty());
  const { places, unread, columns } = placesOf(head.cells, rules);
  if (rest.length > rules.mostLines) {
    const [lines, most] = [formatCount(rest.length), formatCount(rules.mostLines)];
    throw new FileProblem(rules.words.tooLong({ lines, most }));
  }
  const lines = rest.map(({ line, cells }) => {
    const found = columns.map((column) => [column, cells[places.get(column) ?? -1]?.trim() ?? ""] as const);
    return { line, ...Object.fromEntries(found) } as TableLine<Column>;
  });
  return { lines, columns: [...places.keys()], unread };
}

/** The text of what somebody chose; nothing of it leaves this machine yet. */
export async function readChosen<Column extends string>(
  chosen: File,
  { mostBytes, words }: TableRules<Column>,
): Promise<string> {
  if (chosen.size > mostBytes) throw new FileProblem(words.tooLarge());
  return csvDecode(await chosen.arrayBuffer());
}

/** Why a file could not be read. */
export function fileWords(thrown: unknown): string {
  if (thrown instanceof FileProblem) return thrown.message;
  if (!(thrown instanceof CsvError)) return m.import_unreadable();
  const line = thrown.line ?? 1;
  switch (thrown.problem) {
    case "not_text":
      return m.import_not_text();
    case "open_quote":
      return m.import_open_quote({ line });
    case "zero_byte":
      return m.import_zero_byte({ line });
  }
}

/** The next lines: as many as a part may have, and no more text than the server takes at once. */
export function partOf<Column extends string>(
  lines: TableLine<Column>[],
  from: number,
  rules: TableRules<Column>,
): TableLine<Column>[] {
  const columns = columnsOf(rules);
  let [to, size] = [from, 0];
  while (to < lines.length && to - from < PART) {
    const cells: Record<Column, string> = lines[to]!;
    size += columns.reduce((sum, column) => sum + cells[column].length, 0);
    if (size > PART_TEXT && to > from) break;
    to += 1;
  }
  return lines.slice(from, to);
}

/** Lines with a name that stands in the file before them: Central sees a part of the file at a time. */
export function twiceIn<Column extends string>(
  lines: TableLine<Column>[],
  field: Column,
  words: (first: { line: string }) => string,
): RefusedLine[] {
  const first = new Map<string, number>();
  const twice: RefusedLine[] = [];
  for (const one of lines) {
    const [cells, line]: [Record<Column, string>, number] = [one, one.line];
    const name = cells[field];
    const known = first.get(name);
    if (known === undefined) first.set(name, line);
    else if (name !== "") twice.push({ line, field, detail: words({ line: String(known) }) });
  }
  return twice;
}
