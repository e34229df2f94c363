import type { DocumentFile } from "$lib/api/bindings/DocumentFile";
import { keepDocument } from "$lib/api/documents";
import { type CallError, toCallError } from "$lib/api/error";

const BLOCK = 500;

interface Place {
  after?: string;
  limit: number;
}

/** A whole list as a file, read block by block. */
export class FileExport {
  busy = $state(false);
  read = $state(0);
  error = $state.raw<CallError>();
  #stopped = false;

  async save<Row>(
    page: (place: Place) => Promise<{ rows: Row[]; next?: string }>,
    file: (rows: Row[]) => DocumentFile,
  ): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = undefined;
    this.read = 0;
    this.#stopped = false;
    try {
      const all: Row[] = [];
      let after: string | undefined;
      do {
        const block = await page(after === undefined ? { limit: BLOCK } : { after, limit: BLOCK });
        if (this.#stopped) return;
        all.push(...block.rows);
        this.read = all.length;
        after = block.next;
      } while (after !== undefined);
      keepDocument(file(all));
    } catch (thrown) {
      this.error = toCallError(thrown);
    } finally {
      this.busy = false;
    }
  }

  stop(): void {
    this.#stopped = true;
  }
}
