import { call } from "$lib/api/backend";
import type { HistoryRow } from "$lib/api/bindings/HistoryRow";
import { type CallError, toCallError } from "$lib/api/error";
import { startOfDay } from "$lib/format/zone";

const BLOCK = 50;

/** What of the history is shown; days as the date fields write them, empty for no limit. */
interface Filter {
  kind: string;
  from: string;
  until: string;
}

/** The history, block by block as the person scrolls. */
export class History {
  kind = $state("");
  from = $state("");
  /** The last day that is shown. */
  until = $state("");
  rows = $state.raw<HistoryRow[]>([]);
  next = $state<string>();
  loading = $state(false);
  loaded = $state(false);
  error = $state.raw<CallError>();
  #turn = 0;
  #zone: () => string;

  /** Days are the operator's. */
  constructor(zone: () => string = () => "UTC") {
    this.#zone = zone;
  }

  get filtered(): boolean {
    return this.kind !== "" || this.from !== "" || this.until !== "";
  }

  filter(change: Partial<Filter>): void {
    if (change.kind !== undefined) this.kind = change.kind;
    if (change.from !== undefined) this.from = change.from;
    if (change.until !== undefined) this.until = change.until;
    void this.restart();
  }

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
      const from = startOfDay(this.from, this.#zone());
      const until = startOfDay(this.until, this.#zone(), 1);
      const block = await call("credit_history", {
        ...(this.kind === "" ? {} : { kind: this.kind }),
        ...(from === undefined ? {} : { from }),
        ...(until === undefined ? {} : { until }),
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
