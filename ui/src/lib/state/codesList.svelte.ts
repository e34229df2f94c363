import { call } from "$lib/api/backend";
import type { CodeCounts } from "$lib/api/bindings/CodeCounts";
import type { CodeFilter } from "$lib/api/bindings/CodeFilter";
import type { CodesOrder } from "$lib/api/bindings/CodesOrder";
import type { CodesPage } from "$lib/api/bindings/CodesPage";
import type { CodesSort } from "$lib/api/bindings/CodesSort";
import type { CodesSortBy } from "$lib/api/bindings/CodesSortBy";
import type { CodeState } from "$lib/api/bindings/CodeState";
import type { PageRequest } from "$lib/api/bindings/PageRequest";
import { type CallError, toCallError } from "$lib/api/error";

import { sortAmong } from "./sorts";

const PAUSE_MS = 120;

const NEWEST: CodesSort = { by: "sold_at", descending: true };
/** Orders in which codes of chosen states are found without looking at all others. */
const KNOW_STATES: CodesSortBy[] = ["sold_at", "state"];

/** Undefined where the address says nothing that can be sorted by. */
export function sortOf(text: string | null): CodesSort | undefined {
  return sortAmong(text, ["serial", "plan", "state", "sold_at"]);
}

/** Search, chips and counts of the Codes page. */
export class CodesList {
  search = $state("");
  states = $state.raw<CodeState[]>([]);
  /** The search the list shows: the typed one after a short pause. */
  settled = $state("");
  counts = $state.raw<CodeCounts>();
  /** As somebody chose it; undefined: the newest first. */
  chosenSort = $state.raw<CodesSort>();
  /** What the rows are sorted by. */
  order = $state<CodesOrder>("newest");
  /** Why the rows, or their numbers, could not be read. */
  error = $state.raw<CallError>();
  revision = $state(0);
  #turn = 0;
  /** Why the numbers could not be read: that they could says nothing of the rows. */
  #uncounted: CallError | undefined;

  get filter(): CodeFilter {
    return { search: this.settled.trim(), states: this.states };
  }

  get query(): string {
    return JSON.stringify([this.filter, this.sort]);
  }

  get searching(): boolean {
    return this.settled.trim() !== "";
  }

  /** Whether this list can be sorted so. */
  maySort(by: CodesSortBy): boolean {
    return !this.searching && (this.states.length === 0 || KNOW_STATES.includes(by));
  }

  /** How the list is sorted; undefined: what a search finds comes in an order of its own. */
  get sort(): CodesSort | undefined {
    if (this.searching) return undefined;
    return this.chosenSort && this.maySort(this.chosenSort.by) ? this.chosenSort : NEWEST;
  }

  /** What was chosen waits until the filter is gone that cannot be sorted so. */
  get sortWaits(): boolean {
    return !this.searching && this.chosenSort !== undefined && !this.maySort(this.chosenSort.by);
  }

  /** The number of rows of this filter, as far as the counts know. */
  get total(): number | undefined {
    const { counts, states } = this;
    // What is not counted grows as it is read.
    if (!counts || counts.more) return undefined;
    if (states.length === 0) return counts.total;
    return counts.by_state
      .filter((one) => states.includes(one.state))
      .reduce((sum, one) => sum + one.count, 0);
  }

  get filtered(): boolean {
    return this.searching || this.states.length > 0;
  }

  /** Call in an effect: follows the typing with a pause. */
  settleLater(): () => void {
    const typed = this.search;
    const timer = setTimeout(() => (this.settled = typed), typed === "" ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }

  async count(): Promise<void> {
    const turn = ++this.#turn;
    try {
      // Each chip tells how many it would show, so the counts are of the search alone.
      const counts = await call("codes_counts", { search: this.settled.trim(), states: [] });
      if (turn !== this.#turn) return;
      this.counts = counts;
      if (this.error === this.#uncounted) this.error = undefined;
      this.#uncounted = undefined;
    } catch (thrown) {
      if (turn === this.#turn) this.error = this.#uncounted = toCallError(thrown);
    }
  }

  async read(page: PageRequest): Promise<CodesPage> {
    const { query, sort } = this;
    const read = await call("codes_page", { filter: this.filter, ...(sort ? { sort } : {}), page });
    if (query === this.query) {
      this.order = read.order;
      if (page.after === undefined && this.error !== this.#uncounted) this.error = undefined;
    }
    return read;
  }

  refresh(): void {
    this.error = undefined;
    this.revision += 1;
    void this.count();
  }

  clear(): void {
    this.search = "";
    this.settled = "";
    this.states = [];
  }
}
