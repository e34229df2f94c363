import { call } from "$lib/api/backend";
import type { CodeJob } from "$lib/api/bindings/CodeJob";
import { type CallError, mayHaveHappened, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";

import type { LotAction } from "./lotDetail.svelte";

/** Read at once. */
const SHOWN = 50;

/**
 * What was lately done to codes of any lot, the newest first. The jobs are Central's: they are found here again whoever closed
 * the form, or the program, that began them.
 */
export class RecentJobs {
  jobs = $state.raw<CodeJob[]>([]);
  next = $state<string>();
  loaded = $state(false);
  loading = $state(false);
  error = $state.raw<CallError>();
  /** Of the job that somebody does something to. */
  busy = $state.raw<{ id: string; action: LotAction }>();
  #undos = new Map<string, string>();
  #asking = false;

  /** From the newest on. */
  async load(): Promise<void> {
    await this.#read(undefined);
  }

  async more(): Promise<void> {
    if (this.next !== undefined) await this.#read(this.next);
  }

  async #read(after: string | undefined): Promise<void> {
    if (this.loading) return;
    this.loading = true;
    this.error = undefined;
    try {
      const page = await call("code_jobs_page", {
        limit: SHOWN,
        ...(after === undefined ? {} : { after }),
      });
      this.jobs = after === undefined ? page.rows : [...this.jobs, ...page.rows];
      this.next = page.next;
      this.loaded = true;
    } catch (thrown) {
      this.error = toCallError(thrown);
    } finally {
      this.loading = false;
    }
  }

  get running(): CodeJob[] {
    return this.jobs.filter((job) => job.state === "running");
  }

  /** Nothing goes on its lot and nothing was done to it since: then a job that stopped can go on. */
  resumable(job: CodeJob): boolean {
    const latest = this.jobs.find((one) => one.lot_id === job.lot_id);
    return latest?.job_id === job.job_id;
  }

  /** Once a second while jobs run. */
  async follow(): Promise<void> {
    if (this.running.length === 0 || this.#asking || this.busy || this.loading) return;
    this.#asking = true;
    try {
      for (const job of this.running) this.#put(await call("code_job", { job_id: job.job_id }));
    } catch {
      // A turn that is missed is taken the next time; the page's own status says when Central is away.
    } finally {
      this.#asking = false;
    }
  }

  async cancel({ job_id }: CodeJob): Promise<void> {
    await this.#act(job_id, "cancel", async () => this.#put(await call("cancel_code_job", { job_id })));
  }

  async resume({ job_id }: CodeJob): Promise<void> {
    await this.#act(job_id, "resume", async () => this.#put(await call("resume_code_job", { job_id })));
  }

  /** Takes a change back, by a job of its own. Its id is kept as long as nobody knows whether the call took effect. */
  async undo({ job_id }: CodeJob): Promise<void> {
    if (this.busy) return;
    const undo_id = this.#undos.get(job_id) ?? mintId();
    this.#undos.set(job_id, undo_id);
    const done = await this.#act(job_id, "undo", async () => {
      await call("undo_code_job", { job_id, undo_id });
    });
    if (!this.error || !mayHaveHappened(this.error)) this.#undos.delete(job_id);
    if (done) await this.load();
  }

  async #act(id: string, action: LotAction, ask: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = { id, action };
    this.error = undefined;
    try {
      await ask();
      return true;
    } catch (thrown) {
      this.error = toCallError(thrown);
      return false;
    } finally {
      this.busy = undefined;
    }
  }

  #put(job: CodeJob): void {
    this.jobs = this.jobs.map((one) => (one.job_id === job.job_id ? job : one));
  }
}
