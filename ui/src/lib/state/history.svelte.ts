import { call } from "$lib/api/backend";
import type { HistoryRow } from "$lib/api/bindings/HistoryRow";
import { type CallError, toCallError } from "$lib/api/error";

const BLOCK = 50;

/** The history, block by block as the person scrolls. */
export class History {
  rows = $state.raw<HistoryRow[]>([]);
  next = $state<string>();
  loading = $state(false);
  loaded = $state(false);
  error = $state.raw<CallError>();
  #turn = 0;

  get ended(): boolean {
    return this.loaded && this.next === undefined;
  }

  async restart(): Promise<void> {
    await this.#read(undefined);
  }

  async more(): Promise<void> {
    if (this.loading || this.ended || this.error) return;
    await this.#read(this.next);
  }

  async #read(after: string | undefined): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    this.error = undefined;
    try {
      const block = await call("credit_history", {
        page: after === undefined ? { limit: BLOCK } : { after, limit: BLOCK },
      });
      if (turn !== this.#turn) return;
      this.rows = after === undefined ? block.rows : [...this.rows, ...block.rows];
      this.next = block.next;
      this.loaded = true;
    } catch (thrown) {
      if (turn === this.#turn) this.error = toCallError(thrown);
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }
}
