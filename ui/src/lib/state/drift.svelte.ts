import { call } from "$lib/api/backend";
import type { DriftCounts } from "$lib/api/bindings/DriftCounts";
import type { DriftKind } from "$lib/api/bindings/DriftKind";
import type { DriftReport } from "$lib/api/bindings/DriftReport";
import type { DriftRowsPage } from "$lib/api/bindings/DriftRowsPage";
import type { PageRequest } from "$lib/api/bindings/PageRequest";
import type { PortalJob } from "$lib/api/bindings/PortalJob";
import { type CallError, mayHaveHappened, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";
import { DRIFT_KINDS } from "$lib/words/drift";

import { JobMeter } from "./jobMeter";
import { Resource } from "./resource.svelte";

/** Turns between two readings of the jobs while none runs: others may start one. */
const IDLE_TURNS = 10;

export type JobAction = "changes" | "everything" | "cancel" | "resume" | "confirm";

export function disagreeing(counts: DriftCounts): number {
  return counts.differs + counts.missing + counts.unlinked + counts.unknown;
}

/** What is shown first: what there is some of. */
export function firstKind(counts: DriftCounts | undefined): DriftKind {
  return DRIFT_KINDS.find((kind) => (counts?.[kind] ?? 0) > 0) ?? "differs";
}

const newestFirst = (one: PortalJob, other: PortalJob) => other.started_at - one.started_at;

/** Where one portal and Counterfoil disagree, and the jobs that look and repair. The jobs are Central's. */
export class Drift {
  report: Resource<DriftReport>;
  jobs: Resource<PortalJob[]>;
  /** Why the last thing that was asked for was not done. */
  error = $state.raw<CallError>();
  busy = $state<JobAction>();
  rate = $state<number>();
  left = $state<number>();
  /** Changes when the rows must be read anew. */
  #readings = $state(0);
  /** Seen here before they ended: their end is told. */
  #watched = $state.raw<ReadonlySet<string>>(new Set());
  #dismissed = $state.raw<ReadonlySet<string>>(new Set());
  #meter = new JobMeter();
  #turn = 0;
  #asking = false;
  /** Of what was asked for and not answered: the same is asked for again, not a second one. */
  #ids = new Map<string, string>();

  constructor(readonly portalId: string) {
    this.report = new Resource(() => call("portal_drift", { portal_id: portalId }));
    this.jobs = new Resource(async () => {
      const jobs = await call("portal_jobs", { portal_id: portalId });
      return jobs.sort(newestFirst);
    });
  }

  async load(): Promise<void> {
    await Promise.all([this.report.load(), this.jobs.load()]);
    this.#watch();
  }

  get latest(): PortalJob | undefined {
    return this.jobs.data?.[0];
  }

  /** What is shown above the lists: work that goes on or waits for a person, or ended while somebody watched. */
  get shown(): PortalJob | undefined {
    const job = this.latest;
    if (!job || this.#dismissed.has(job.job_id)) return undefined;
    return job.state !== "done" || this.#watched.has(job.job_id) ? job : undefined;
  }

  get running(): boolean {
    return this.latest?.state === "running" || this.latest?.state === "asking";
  }

  query(kind: DriftKind): string {
    return `${kind}:${this.#readings}`;
  }

  async rows(kind: DriftKind, page: PageRequest): Promise<DriftRowsPage> {
    return call("drift_rows", { portal_id: this.portalId, kind, page });
  }

  again(): void {
    this.#readings += 1;
  }

  /** Once a second: follows a running job closely, and looks now and then for one that somebody else began. */
  async follow(now: number): Promise<void> {
    const job = this.latest;
    this.#turn += 1;
    if (this.#asking || this.busy || !this.jobs.data) return;
    this.#asking = true;
    try {
      if (job?.state === "running") {
        const at = await call("portal_job", { job_id: job.job_id });
        // Somebody stopped it meanwhile: this is of before.
        if (this.latest === job) this.#take(at, now);
      } else if (this.#turn % IDLE_TURNS === 0) {
        await this.jobs.load();
        this.#watch();
        if (this.latest && this.latest.job_id !== job?.job_id && this.latest.state !== "running")
          await this.#ended();
      }
    } catch {
      // A turn that is missed is taken the next time; the page's own status says when Central is away.
    } finally {
      this.#asking = false;
    }
  }

  async look(everything: boolean): Promise<void> {
    const action = everything ? "everything" : "changes";
    await this.#act(action, () =>
      this.#once(action, (job_id) => call("sync_portal", { portal_id: this.portalId, job_id, everything })),
    );
  }

  /** Writes every account's reseller to the portal. */
  async push(): Promise<void> {
    await this.#fromDialog(() =>
      this.#once("push", (job_id) => call("push_assignments", { portal_id: this.portalId, job_id })),
    );
  }

  async cancel(job: PortalJob): Promise<void> {
    await this.#act("cancel", () => call("cancel_job", { job_id: job.job_id }));
  }

  async resume(job: PortalJob): Promise<void> {
    await this.#act("resume", () => call("resume_job", { job_id: job.job_id }));
  }

  async confirm(job: PortalJob): Promise<void> {
    await this.#act("confirm", () => call("confirm_job", { job_id: job.job_id }));
  }

  /** Takes a repair back. */
  async undo({ job_id }: PortalJob): Promise<void> {
    await this.#fromDialog(() =>
      this.#once(`undo:${job_id}`, (undo_id) => call("undo_job", { job_id, undo_id })),
    );
    await this.jobs.load();
  }

  /** A job that another call began. */
  begun(job: PortalJob): void {
    this.error = undefined;
    this.#take(job, Date.now());
  }

  /** What became of a job was read and is not shown any more. */
  dismiss(job: PortalJob): void {
    this.#dismissed = new Set([...this.#dismissed, job.job_id]);
  }

  /** Asks under an id that is kept for as long as nobody knows whether the call took effect. */
  async #once(key: string, ask: (id: string) => Promise<PortalJob>): Promise<PortalJob> {
    const id = this.#ids.get(key) ?? mintId();
    this.#ids.set(key, id);
    try {
      const job = await ask(id);
      this.#ids.delete(key);
      return job;
    } catch (thrown) {
      if (!mayHaveHappened(toCallError(thrown))) this.#ids.delete(key);
      throw thrown;
    }
  }

  async #act(action: JobAction, ask: () => Promise<PortalJob>): Promise<void> {
    if (this.busy) return;
    this.busy = action;
    this.error = undefined;
    try {
      this.#take(await ask(), Date.now());
    } catch (thrown) {
      this.error = toCallError(thrown);
      // Somebody else was faster: what is there now is shown.
      if (this.error.code === "conflict") await this.jobs.load();
    } finally {
      this.busy = undefined;
    }
  }

  /** What a dialog asked for: it tells failures itself, except that somebody was faster. */
  async #fromDialog(ask: () => Promise<PortalJob>): Promise<void> {
    try {
      this.begun(await ask());
    } catch (thrown) {
      const error = toCallError(thrown);
      if (error.code !== "conflict") throw error;
      this.error = error;
      await this.jobs.load();
    }
  }

  #take(job: PortalJob, now: number): void {
    const before = this.jobs.data?.find((one) => one.job_id === job.job_id);
    const others = (this.jobs.data ?? []).filter((one) => one.job_id !== job.job_id);
    this.jobs.set([job, ...others].sort(newestFirst));
    this.#watched = new Set([...this.#watched, job.job_id]);
    if (job.state === "running") {
      this.#meter.note(job, now);
      this.rate = this.#meter.rate();
      this.left = this.#meter.left(job);
      return;
    }
    this.rate = this.left = undefined;
    if (before?.state !== job.state) void this.#ended();
  }

  async #ended(): Promise<void> {
    await this.report.load();
    this.again();
  }

  /** What is on its way when the page opens is followed to its end. */
  #watch(): void {
    const job = this.latest;
    if (job && job.state !== "done") this.#watched = new Set([...this.#watched, job.job_id]);
  }
}
