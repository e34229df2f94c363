import { call } from "$lib/api/backend";
import type { DirectComparison } from "$lib/api/bindings/DirectComparison";
import type { DriftRow } from "$lib/api/bindings/DriftRow";
import { type CallError, toCallError } from "$lib/api/error";
import { DIRECT_KINDS, type DirectKind } from "$lib/words/direct";

import { JobMeter } from "./jobMeter";
import { Resource } from "./resource.svelte";

/** As the bar of a job shows it. */
export interface Progress {
  phase: "listing" | "details";
  done: number;
  total: number | undefined;
}

export function progressOf({ accounts, of }: Pick<DirectComparison, "accounts" | "of">): Progress {
  return { phase: of === undefined ? "listing" : "details", done: accounts, total: of };
}

/** The comparison of all accounts of a portal, made by this computer in the background. */
export class DirectComparing {
  /** The latest since the program was started; null where there was none. */
  latest: Resource<DirectComparison | null>;
  /** Why the last thing that was asked for was not done. */
  error = $state.raw<CallError>();
  busy = $state<"compare" | "cancel">();
  rate = $state<number>();
  left = $state<number>();
  #meter = new JobMeter();
  #asking = false;
  /** Counts what was begun and ended here: an answer from before it is out of date. */
  #turn = 0;

  constructor(readonly portalId: string) {
    this.latest = new Resource(() => call("direct_comparison", { portal_id: portalId }));
  }

  get running(): boolean {
    return this.latest.data?.state === "running";
  }

  /** Whether it has rows to look at: of one that failed nothing is concluded. */
  get listed(): boolean {
    const state = this.latest.data?.state;
    return state === "done" || state === "cancelled";
  }

  rows(kind: DirectKind): DriftRow[] {
    return this.latest.data?.rows.filter((row) => row.kind === kind) ?? [];
  }

  /** What is shown first: what there is some of. */
  get firstKind(): DirectKind {
    const counts = this.latest.data?.counts;
    return DIRECT_KINDS.find((kind) => (counts?.[kind] ?? 0) > 0) ?? "differs";
  }

  get disagreeing(): number {
    const counts = this.latest.data?.counts;
    return counts ? DIRECT_KINDS.reduce((sum, kind) => sum + counts[kind], 0) : 0;
  }

  /** Changes when the rows are others. */
  query(kind: DirectKind): string {
    return `${kind}:${this.latest.data?.started_at}:${this.latest.data?.state}`;
  }

  async compare(): Promise<void> {
    await this.#act("compare", () => call("compare_directly", { portal_id: this.portalId }));
  }

  async cancel(): Promise<void> {
    await this.#act("cancel", () => call("cancel_direct_comparison", { portal_id: this.portalId }));
  }

  /** Once a second while it runs. */
  async follow(now: number): Promise<void> {
    if (!this.running || this.#asking || this.busy) return;
    this.#asking = true;
    const turn = this.#turn;
    try {
      const latest = await call("direct_comparison", { portal_id: this.portalId });
      if (turn === this.#turn) this.#take(latest, now);
    } catch {
      // A turn that is missed is taken the next time.
    } finally {
      this.#asking = false;
    }
  }

  async #act(action: "compare" | "cancel", ask: () => Promise<DirectComparison>): Promise<void> {
    if (this.busy) return;
    this.busy = action;
    this.error = undefined;
    this.#turn += 1;
    try {
      this.#take(await ask(), Date.now());
    } catch (thrown) {
      this.error = toCallError(thrown);
    } finally {
      this.busy = undefined;
    }
  }

  #take(latest: DirectComparison | null, now: number): void {
    this.latest.set(latest);
    this.rate = this.left = undefined;
    if (latest?.state !== "running") return;
    const { phase, done, total } = progressOf(latest);
    const job = { job_id: String(latest.started_at), phase, done, total };
    this.#meter.note(job, now);
    this.rate = this.#meter.rate();
    this.left = this.#meter.left(job);
  }
}
