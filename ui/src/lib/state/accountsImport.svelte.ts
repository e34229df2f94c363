import { call } from "$lib/api/backend";
import type { Bulk } from "$lib/api/bindings/Bulk";
import type { BulkLine } from "$lib/api/bindings/BulkLine";
import { type CallError, outcomeUnknown, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";
import { formatCount } from "$lib/format/amount";
import { csvDecode, CsvError, csvLines } from "$lib/format/csvRead";
import { m } from "$lib/paraglide/messages";
import type { Column } from "$lib/words/bulk";

/** As many accounts as one change may have. */
export const MOST_LINES = 100_000;
/** Lines in a part: many enough to be quick, few enough to be stopped. */
const PART = 500;
/** Characters in a part. The server takes a megabyte, and a character has up to three bytes. */
const PART_TEXT = 250_000;
/** Far more than the most lines of accounts take. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Of Central: a file's name for people. */
const MOST_NAME = 200;

/** Which headings a column has, without blanks, hyphens and capitals. The first is the one that we write. */
const HEADINGS: Record<Column, string[]> = {
  username: ["username", "user", "login", "account", "name"],
  email: ["email", "mail", "emailaddress"],
  plan: ["plan", "planid", "planname", "package", "tariff"],
  last_day: ["lastday", "expiry", "expires", "expirydate", "enddate", "validuntil"],
  gift: ["gift", "free"],
  mac: ["mac", "macaddress", "stbmac"],
  max_connections: ["maxconnections", "connections", "maxconnection"],
  notes: ["notes", "note", "comment", "comments"],
  reseller: ["reseller", "resellerid", "owner", "shop"],
};
/** What we write beside the lines that were refused. It says nothing of an account. */
const IGNORED = ["line", "why", "columns"];

export const COLUMNS = Object.keys(HEADINGS) as Column[];

/** How a column is called in a file that we write. */
export const FILE_HEADINGS: Record<Column, string> = {
  username: "username",
  email: "email",
  plan: "plan",
  last_day: "last day",
  gift: "gift",
  mac: "mac",
  max_connections: "max connections",
  notes: "notes",
  reseller: "reseller",
};

/** What was read of a file. */
export interface ImportFile {
  name: string;
  lines: BulkLine[];
  columns: Column[];
  /** Headings that mean nothing here: their cells are left out. */
  unread: string[];
}

const bare = (heading: string) => heading.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

/** Why a file cannot be used at all, in words. What is wrong with single lines is told by the dry run. */
export class FileProblem extends Error {}

/** The accounts of a file, by its headings. */
export function readAccounts(name: string, text: string): ImportFile {
  const [head, ...rest] = csvLines(text);
  if (!head || rest.length === 0) throw new FileProblem(m.import_empty());
  const places = new Map<Column, number>();
  const unread: string[] = [];
  for (const [at, heading] of head.cells.entries()) {
    const column = COLUMNS.find((one) => HEADINGS[one].includes(bare(heading)));
    if (column && places.has(column)) throw new FileProblem(m.import_twice({ heading: heading.trim() }));
    if (column) places.set(column, at);
    else if (heading.trim() !== "" && !IGNORED.includes(bare(heading))) unread.push(heading.trim());
  }
  if (!places.has("plan")) throw new FileProblem(m.import_no_plan());
  if (rest.length > MOST_LINES)
    throw new FileProblem(
      m.import_too_long({ most: formatCount(MOST_LINES), lines: formatCount(rest.length) }),
    );
  const cell = (cells: string[], column: Column) => cells[places.get(column) ?? -1]?.trim() ?? "";
  const lines = rest.map(({ line, cells }): BulkLine => ({
    line,
    username: cell(cells, "username"),
    email: cell(cells, "email"),
    plan: cell(cells, "plan"),
    last_day: cell(cells, "last_day"),
    gift: cell(cells, "gift"),
    mac: cell(cells, "mac"),
    max_connections: cell(cells, "max_connections"),
    notes: cell(cells, "notes"),
    reseller: cell(cells, "reseller"),
  }));
  return { name: name.slice(0, MOST_NAME), lines, columns: [...places.keys()], unread };
}

const AWAY: ReadonlySet<string> = new Set([
  "server_unreachable",
  "server_error",
  "rate_limited",
  "not_signed_in",
]);

/** Nothing is wrong with what was sent. */
function interrupted(error: CallError): boolean {
  return outcomeUnknown(error) || AWAY.has(error.code);
}

/** The next lines: as many as a part may have, and no more text than the server takes at once. */
export function partOf(lines: BulkLine[], from: number): BulkLine[] {
  let [to, size] = [from, 0];
  while (to < lines.length && to - from < PART) {
    size += COLUMNS.reduce((sum, column) => sum + lines[to]![column].length, 0);
    if (size > PART_TEXT && to > from) break;
    to += 1;
  }
  return lines.slice(from, to);
}

function fileWords(thrown: unknown): string {
  if (thrown instanceof FileProblem) return thrown.message;
  if (!(thrown instanceof CsvError)) return m.import_unreadable();
  return thrown.problem === "not_text"
    ? m.import_not_text()
    : m.import_open_quote({ line: thrown.line ?? 1 });
}

/** A file of accounts, from its choice until the server has all its lines. */
export class AccountsImport {
  file = $state.raw<ImportFile>();
  problem = $state<string>();
  /** Lines that the server has. */
  sent = $state(0);
  busy = $state(false);
  error = $state.raw<CallError>();
  #id = mintId();
  #planned = false;
  #stopped = false;

  constructor(
    /** Whoever sends it may give service away; who may not is told so line by line. */
    readonly mayGive = false,
  ) {}

  /** Reads what was chosen; nothing of it leaves this machine yet. */
  async choose(chosen: File | undefined): Promise<void> {
    // Another file is another change: what was sent of the one before is not this one's.
    void this.stop();
    this.file = this.problem = this.error = undefined;
    this.sent = 0;
    this.#again();
    if (!chosen) return;
    try {
      if (chosen.size > MOST_BYTES) throw new FileProblem(m.import_too_large());
      this.file = readAccounts(chosen.name, csvDecode(await chosen.arrayBuffer()));
    } catch (thrown) {
      this.problem = fileWords(thrown);
    }
  }

  #again(): void {
    this.#id = mintId();
    this.#planned = false;
    this.#stopped = false;
  }

  /** Sends the lines, from where it stood; gives what they became, once all are there. */
  async send(): Promise<Bulk | undefined> {
    const { file } = this;
    if (!file || this.busy) return undefined;
    this.busy = true;
    this.error = undefined;
    const bulk_id = this.#id;
    try {
      const { name, lines } = file;
      const gift = this.mayGive && lines.some((line) => line.gift.toLowerCase() === "yes");
      const operation = { kind: "create", file: name, lines: lines.length, gift } as const;
      let bulk = await call("plan_bulk", { bulk_id, operation, targets: { kind: "lines" } });
      this.#planned = true;
      while (this.sent < lines.length) {
        if (this.#stopped || this.#id !== bulk_id) return undefined;
        const part = partOf(lines, this.sent);
        bulk = await call("add_bulk_lines", { bulk_id, first: this.sent + 1, lines: part });
        if (this.#id === bulk_id) this.sent += part.length;
      }
      return this.#id === bulk_id ? bulk : undefined;
    } catch (thrown) {
      this.error = toCallError(thrown);
      // A part that is sent again is answered, so what was only interrupted goes on where it stood.
      if (!interrupted(this.error)) {
        void this.stop();
        this.sent = 0;
        this.#again();
      }
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  /** Sends no more, and leaves nothing half sent behind. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const { file } = this;
    if (!this.#planned || !file || this.sent >= file.lines.length) return;
    this.#planned = false;
    try {
      await call("cancel_bulk", { bulk_id: this.#id });
    } catch {
      // It stays with too few lines, which nothing is ever made of; the list of changes can drop it.
    }
  }
}
