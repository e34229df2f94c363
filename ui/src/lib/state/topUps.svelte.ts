import { call } from "$lib/api/backend";
import type { TopUpState } from "$lib/api/bindings/TopUpState";
import type { TopUpView } from "$lib/api/bindings/TopUpView";
import { type CallError, toCallError } from "$lib/api/error";

const BLOCK = 50;

/** Requests for credit, block by block, the newest first. */
export class TopUps {
  rows = $state.raw<TopUpView[]>([]);
  state = $state<TopUpState>();
  loading = $state(false);
  loaded = $state(false);
  error = $state.raw<CallError>();
  #next: string | undefined;
  #turn = 0;

  constructor(state?: TopUpState) {
    this.state = state;
  }

  get ended(): boolean {
    return this.loaded && this.#next === undefined;
  }

  /** Those that wait for an answer, of what is here. */
  get open(): number {
    return this.rows.filter((row) => row.state === "open").length;
  }

  async show(state: TopUpState | undefined): Promise<void> {
    this.state = state;
    this.rows = [];
    this.loaded = false;
    await this.restart();
  }

  async restart(): Promise<void> {
    await this.#read(undefined);
  }

  /** The first block again, unless somebody reads further down, or what went wrong waits for an answer. */
  async renew(): Promise<void> {
    if (this.loading || !this.loaded || this.error || this.rows.length > BLOCK) return;
    await this.restart();
  }

  async more(): Promise<void> {
    if (this.loading || this.ended || this.error) return;
    await this.#read(this.#next);
  }

  /** Puts an answer in place; what does not fit the shown state any more goes. */
  put(answered: TopUpView): void {
    const fits = this.state === undefined || this.state === answered.state;
    const rest = this.rows.filter((row) => row.request_id !== answered.request_id);
    if (!fits) this.rows = rest;
    else if (rest.length === this.rows.length) this.rows = [answered, ...rest];
    else this.rows = this.rows.map((row) => (row.request_id === answered.request_id ? answered : row));
  }

  async #read(after: string | undefined): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    this.error = undefined;
    try {
      const block = await call("top_up_requests", {
        ...(this.state ? { state: this.state } : {}),
        page: after === undefined ? { limit: BLOCK } : { after, limit: BLOCK },
      });
      if (turn !== this.#turn) return;
      this.rows = after === undefined ? block.rows : [...this.rows, ...block.rows];
      this.#next = block.next;
      this.loaded = true;
    } catch (thrown) {
      if (turn === this.#turn) this.error = toCallError(thrown);
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }
}
