import { call } from "$lib/api/backend";
import type { Bulk } from "$lib/api/bindings/Bulk";
import type { BulkDetail } from "$lib/api/bindings/BulkDetail";
import type { BulkRow } from "$lib/api/bindings/BulkRow";
import type { BulkRowState } from "$lib/api/bindings/BulkRowState";
import { type CallError, toCallError } from "$lib/api/error";
import { goesOn, progressOf } from "$lib/words/bulk";

import { Blocks } from "./blocks.svelte";
import { JobMeter } from "./jobMeter";
import { Resource } from "./resource.svelte";

export type BulkAction = "run_bulk" | "cancel_bulk" | "undo_bulk";

/** One operation on many accounts, its accounts, and how fast it goes. The operation is Central's. */
export class BulkFile {
  whole: Resource<BulkDetail>;
  rows: Blocks<BulkRow>;
  only = $state<BulkRowState>();
  error = $state.raw<CallError>();
  busy = $state<BulkAction>();
  rate = $state<number>();
  left = $state<number>();
  #meter = new JobMeter();
  #asking = false;

  constructor(readonly bulkId: string) {
    this.whole = new Resource(() => call("bulk", { bulk_id: bulkId }));
    this.rows = new Blocks((page) =>
      call("bulk_rows", { bulk_id: bulkId, ...(this.only ? { state: this.only } : {}), ...page }),
    );
  }

  get bulk(): Bulk | undefined {
    return this.whole.data?.bulk;
  }

  async load(): Promise<void> {
    await Promise.all([this.whole.load(), this.rows.restart()]);
  }

  async show(only: BulkRowState | undefined): Promise<void> {
    this.only = only;
    await this.rows.restart(true);
  }

  /** Once a second while it goes on. */
  async follow(now: number): Promise<void> {
    const before = this.bulk;
    if (!before || !goesOn(before.state) || this.#asking || this.busy) return;
    this.#asking = true;
    try {
      const detail = await call("bulk", { bulk_id: this.bulkId });
      // Somebody stopped it meanwhile, or put it back: this is of before.
      if (this.bulk !== before) return;
      this.whole.set(detail);
      this.#measure(detail.bulk, now);
      // What was read of its accounts is of before.
      if (detail.bulk.state !== before.state) await this.rows.restart();
    } catch {
      // A turn that is missed is taken the next time; the page's own status says when Central is away.
    } finally {
      this.#asking = false;
    }
  }

  #measure(bulk: Bulk, now: number): void {
    const { done, total } = progressOf(bulk);
    if (!goesOn(bulk.state) || (bulk.state === "planning" && !bulk.counted)) {
      this.rate = this.left = undefined;
      return;
    }
    const phase = bulk.state === "planning" ? "comparing" : "repairing";
    this.#meter.note({ job_id: `${bulk.bulk_id}:${bulk.state}`, phase, done }, now);
    this.rate = this.#meter.rate();
    this.left = this.#meter.left({ done, total });
  }

  /** Runs it, stops it, or puts its accounts back. */
  async act(action: BulkAction): Promise<void> {
    if (this.busy) return;
    this.busy = action;
    this.error = undefined;
    try {
      const bulk = await call(action, { bulk_id: this.bulkId });
      this.whole.set({ bulk, short: [], moves: [] });
      await this.rows.restart();
    } catch (thrown) {
      this.error = toCallError(thrown);
      // Somebody else was faster: what is there now is shown.
      await this.whole.load();
    } finally {
      this.busy = undefined;
    }
  }
}
