import { call } from "$lib/api/backend";
import type { Bulk } from "$lib/api/bindings/Bulk";
import { type CallError, mayHaveHappened, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";
import { m } from "$lib/paraglide/messages";
import type { Column } from "$lib/words/bulk";

import { fileWords, partOf, readChosen, readTable, type Table, type TableRules } from "./importFile";

/** Of Central: a file's name for people. */
const MOST_NAME = 200;

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

export const COLUMNS = Object.keys(FILE_HEADINGS) as Column[];

const RULES: TableRules<Column> = {
  headings: {
    username: ["username", "user", "login", "account", "name"],
    email: ["email", "mail", "emailaddress"],
    plan: ["plan", "planid", "planname", "package", "tariff"],
    last_day: ["lastday", "expiry", "expires", "expirydate", "enddate", "validuntil"],
    gift: ["gift", "free"],
    mac: ["mac", "macaddress", "stbmac"],
    max_connections: ["maxconnections", "connections", "maxconnection"],
    notes: ["notes", "note", "comment", "comments"],
    reseller: ["reseller", "resellerid", "owner", "shop"],
  },
  needed: ["plan"],
  // What we write beside the lines that were refused.
  ignored: ["line", "why", "columns"],
  // As many as one change may have.
  mostLines: 100_000,
  // Far more than the most lines of accounts take.
  mostBytes: 32 * 1024 * 1024,
  words: {
    empty: () => m.import_empty(),
    noColumn: () => m.import_no_plan(),
    tooLong: m.import_too_long,
    tooLarge: () => m.import_too_large(),
  },
};

/** What was read of a file. */
export interface ImportFile extends Table<Column> {
  name: string;
}

/** The accounts of a file, by its headings. */
export function readAccounts(name: string, text: string): ImportFile {
  return { name: name.slice(0, MOST_NAME), ...readTable(text, RULES) };
}

const AWAY: ReadonlySet<string> = new Set(["rate_limited", "not_signed_in"]);

/** Nothing is wrong with what was sent. */
function interrupted(error: CallError): boolean {
  return mayHaveHappened(error) || AWAY.has(error.code);
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
  #chosen = 0;

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
    const turn = ++this.#chosen;
    if (!chosen) return;
    try {
      const text = await readChosen(chosen, RULES);
      // A large file that was chosen before takes longer than the one that is shown now.
      if (turn === this.#chosen) this.file = readAccounts(chosen.name, text);
    } catch (thrown) {
      if (turn === this.#chosen) this.problem = fileWords(thrown);
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
        const part = partOf(lines, this.sent, RULES);
        bulk = await call("add_bulk_lines", { bulk_id, first: this.sent + 1, lines: part });
        if (this.#id === bulk_id) this.sent += part.length;
      }
      return this.#stopped || this.#id !== bulk_id ? undefined : bulk;
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
