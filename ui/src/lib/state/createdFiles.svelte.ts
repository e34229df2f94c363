import { call } from "$lib/api/backend";
import type { BulkRow } from "$lib/api/bindings/BulkRow";
import type { CreatedAccount } from "$lib/api/bindings/CreatedAccount";
import type { DocumentFile } from "$lib/api/bindings/DocumentFile";
import { keepDocument } from "$lib/api/documents";
import { type CallError, toCallError } from "$lib/api/error";
import { csvFile, csvText } from "$lib/format/csv";
import { m } from "$lib/paraglide/messages";
import { refusalWords } from "$lib/words/bulk";

import { COLUMNS, FILE_HEADINGS } from "./accountsImport.svelte";

const AT_ONCE = 500;

type Page<Row> = { rows: Row[]; next?: string };

/** Lines that were refused, as they stood in their file, each with why: it is mended and chosen again. */
export function refusedFile(rows: BulkRow[]): DocumentFile {
  const lines = rows.flatMap(({ line, refusal }) =>
    line
      ? [
          [
            ...COLUMNS.map((column) => csvText(line[column])),
            String(line.line),
            csvText(refusal ? refusalWords(refusal) : ""),
          ],
        ]
      : [],
  );
  return csvFile(m.bulk_refused_file(), [
    [...COLUMNS.map((column) => FILE_HEADINGS[column]), "line", "why"],
    ...lines,
  ]);
}

/** What opens the accounts that were created. */
export function passwordsFile(rows: CreatedAccount[]): DocumentFile {
  const lines = rows.map((row) => [
    String(row.line),
    ...[row.username, row.password, row.token].map((text) => csvText(text)),
  ]);
  return csvFile(m.bulk_passwords_file(), [["line", "username", "password", "token"], ...lines]);
}

/** The two files of accounts that were created from one. */
export class CreatedFiles {
  busy = $state<"refused" | "passwords">();
  error = $state.raw<CallError>();
  #stopped = false;

  constructor(private readonly bulkId: string) {}

  /** Whoever left is handed no file, and no passwords that the person before had asked for. */
  stop(): void {
    this.#stopped = true;
  }

  /** A list page by page, as a file once it is whole. */
  async #save<Row>(
    what: "refused" | "passwords",
    read: (page: { after?: string; limit: number }) => Promise<Page<Row>>,
    file: (rows: Row[]) => DocumentFile,
  ): Promise<void> {
    if (this.busy) return;
    this.busy = what;
    this.error = undefined;
    try {
      const rows: Row[] = [];
      let after: string | undefined;
      do {
        const page = await read({ ...(after ? { after } : {}), limit: AT_ONCE });
        if (this.#stopped) return;
        rows.push(...page.rows);
        after = page.next;
      } while (after);
      keepDocument(file(rows));
    } catch (thrown) {
      this.error = toCallError(thrown);
    } finally {
      this.busy = undefined;
    }
  }

  refused(): Promise<void> {
    const read = (page: { after?: string; limit: number }) =>
      call("bulk_rows", { bulk_id: this.bulkId, state: "refused", ...page });
    return this.#save("refused", read, refusedFile);
  }

  passwords(): Promise<void> {
    const read = (page: { after?: string; limit: number }) =>
      call("bulk_created", { bulk_id: this.bulkId, ...page });
    return this.#save("passwords", read, passwordsFile);
  }
}
