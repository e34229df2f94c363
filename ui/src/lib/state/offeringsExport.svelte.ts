import { call } from "$lib/api/backend";
import { keepDocument } from "$lib/api/documents";
import type { OfferingView } from "$lib/api/bindings/OfferingView";
import { type CallError, toCallError } from "$lib/api/error";

import { offeringsFile } from "./offeringsFile";

const BLOCK = 500;

/** All offerings of a provider as a file, read block by block. */
export class OfferingsExport {
  busy = $state(false);
  read = $state(0);
  error = $state.raw<CallError>();
  #stopped = false;

  async save(provider_id: string, name: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = undefined;
    this.read = 0;
    this.#stopped = false;
    try {
      const all: OfferingView[] = [];
      let after: string | undefined;
      do {
        const page = after === undefined ? { limit: BLOCK } : { after, limit: BLOCK };
        const block = await call("offering_page", { provider_id, search: "", page });
        if (this.#stopped) return;
        all.push(...block.rows);
        this.read = all.length;
        after = block.next;
      } while (after !== undefined);
      keepDocument(offeringsFile(name, all));
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
