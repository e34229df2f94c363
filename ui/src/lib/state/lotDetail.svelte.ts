import { call } from "$lib/api/backend";
import type { CodeJob } from "$lib/api/bindings/CodeJob";
import type { CodeJobKind } from "$lib/api/bindings/CodeJobKind";
import type { LotDetail } from "$lib/api/bindings/LotDetail";
import { type CallError, mayHaveHappened, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";

import { JobMeter } from "./jobMeter";
import { Resource } from "./resource.svelte";

/** Turns between two readings of a lot whose codes are being made: its counts go up too. */
const COUNT_TURNS = 4;

export type LotAction = "cancel" | "resume" | "undo";

/** One lot and its jobs. The jobs are Central's. */
export class LotFile {
  whole: Resource<LotDetail>;
  error = $state.raw<CallError>();
  busy = $state<LotAction>();
  rate = $state<number>();
  left = $state<number>();
  #meter = new JobMeter();
  #turn = 0;
  #asking = false;
  #undos = new Map<string, string>();

  constructor(
    readonly lotId: string,
    private onchanged: () => void,
  ) {
    this.whole = new Resource(() => call("lot", { lot_id: lotId }));
  }

  get jobs(): CodeJob[] {
    return this.whole.data?.jobs ?? [];
  }

  get running(): CodeJob | undefined {
    return this.jobs[0]?.state === "running" ? this.jobs[0] : undefined;
  }

  async load(): Promise<void> {
    await this.whole.load();
  }

  /** Once a second while a job runs. */
  async follow(now: number): Promise<void> {
    const job = this.running;
    if (!job || this.#asking || this.busy) return;
    this.#asking = true;
    this.#turn += 1;
    try {
      this.begun(await call("code_job", { job_id: job.job_id }), now);
      if (this.running && this.#turn % COUNT_TURNS === 0) await this.whole.load();
    } catch {
      // A turn that is missed is taken the next time; the page's own status says when Central is away.
    } finally {
      this.#asking = false;
    }
  }

  /** Puts a job in its place, and reads the lot again when it has ended. */
  begun(job: CodeJob, now = Date.now()): void {
    const { data } = this.whole;
    if (!data) return;
    const before = data.jobs.find((one) => one.job_id === job.job_id);
    const jobs = [job, ...data.jobs.filter((one) => one.job_id !== job.job_id)];
    jobs.sort((one, other) => other.started_at - one.started_at);
    const got = { make_lot: job.done, allocate_codes: job.changed } as Partial<Record<CodeJobKind, number>>;
    const made = Math.max(data.lot.made, got[job.kind] ?? 0);
    this.whole.set({ jobs, lot: { ...data.lot, made } });
    if (job.state === "running") {
      this.#meter.note({ ...job, phase: "repairing" }, now);
      this.rate = this.#meter.rate();
      this.left = this.#meter.left(job);
    } else {
      this.rate = this.left = undefined;
    }
    if (before?.state !== job.state) this.#changed();
  }

  async cancel(job: CodeJob): Promise<void> {
    await this.#act("cancel", () => call("cancel_code_job", { job_id: job.job_id }));
  }

  async resume(job: CodeJob): Promise<void> {
    await this.#act("resume", () => call("resume_code_job", { job_id: job.job_id }));
  }

  /** Takes a change back. Its id is kept as long as nobody knows whether the call took effect. */
  async undo({ job_id }: CodeJob): Promise<void> {
    if (this.busy) return;
    const undo_id = this.#undos.get(job_id) ?? mintId();
    this.#undos.set(job_id, undo_id);
    await this.#act("undo", () => call("undo_code_job", { job_id, undo_id }));
    if (!this.error || !mayHaveHappened(this.error)) this.#undos.delete(job_id);
    await this.whole.load();
  }

  async #act(action: LotAction, ask: () => Promise<CodeJob>): Promise<void> {
    if (this.busy) return;
    this.busy = action;
    this.error = undefined;
    try {
      this.begun(await ask());
    } catch (thrown) {
      this.error = toCallError(thrown);
      // Somebody else was faster: what is there now is shown.
      if (this.error.code === "conflict") await this.whole.load();
    } finally {
      this.busy = undefined;
    }
  }

  #changed(): void {
    void this.whole.load();
    this.onchanged();
  }
}
