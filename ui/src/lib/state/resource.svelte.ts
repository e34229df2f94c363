import { type CallError, toCallError } from "$lib/api/error";

/** A loading that takes longer than this shows a skeleton; a shorter one shows nothing at all. */
const SKELETON_AFTER_MS = 150;

/** Something read from the core: what came last stays on screen while it is read again or fails. */
export class Resource<T> {
  data = $state.raw<T>();
  error = $state.raw<CallError>();
  loading = $state(false);
  /** Nothing to show yet and waiting long enough for a skeleton. */
  slow = $state(false);

  #read: () => Promise<T>;
  #turn = 0;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  async load(): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    const timer = setTimeout(() => {
      if (turn === this.#turn && this.data === undefined) this.slow = true;
    }, SKELETON_AFTER_MS);
    try {
      const data = await this.#read();
      if (turn !== this.#turn) return;
      this.data = data;
      this.error = undefined;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.error = toCallError(thrown);
    } finally {
      clearTimeout(timer);
      if (turn === this.#turn) {
        this.loading = false;
        this.slow = false;
      }
    }
  }

  /** Puts an answer in place that another call brought along. */
  set(data: T): void {
    this.#turn += 1;
    this.data = data;
    this.error = undefined;
    this.loading = false;
    this.slow = false;
  }
}
