import { type CallError, toCallError } from "$lib/api/error";

const BLOCK = 50;

interface Block<T> {
  rows: T[];
  next?: string;
}

/** A list by key, block by block. */
export class Blocks<T, B extends Block<T> = Block<T>> {
  rows = $state.raw<T[]>([]);
  /** The last block that came, with what stands beside its rows. */
  last = $state.raw<B>();
  loading = $state(false);
  loaded = $state(false);
  error = $state.raw<CallError>();
  #next: string | undefined;
  #turn = 0;
  #read: (page: { after?: string; limit: number }) => Promise<B>;

  constructor(read: (page: { after?: string; limit: number }) => Promise<B>) {
    this.#read = read;
  }

  get ended(): boolean {
    return this.loaded && this.#next === undefined;
  }

  /** From the start; with `clear` what was shown belongs to another question and goes at once. */
  async restart(clear = false): Promise<void> {
    if (clear) {
      this.rows = [];
      this.loaded = false;
    }
    await this.#block(undefined);
  }

  /** The first block again, unless somebody reads further down, or what went wrong waits for an answer. */
  async renew(): Promise<void> {
    if (this.loading || !this.loaded || this.error || this.rows.length > BLOCK) return;
    await this.restart();
  }

  async more(): Promise<void> {
    if (this.loading || this.ended || this.error) return;
    await this.#block(this.#next);
  }

  async #block(after: string | undefined): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    this.error = undefined;
    try {
      const block = await this.#read(after === undefined ? { limit: BLOCK } : { after, limit: BLOCK });
      if (turn !== this.#turn) return;
      this.rows = after === undefined ? block.rows : [...this.rows, ...block.rows];
      this.last = block;
      this.#next = block.next;
      this.loaded = true;
    } catch (thrown) {
      if (turn === this.#turn) this.error = toCallError(thrown);
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }
}
