import type { PortalJob } from "$lib/api/bindings/PortalJob";

/** What lies further back says nothing of now. */
const WINDOW_MS = 20_000;
/** A shorter look at a job says nothing of its speed. */
const LEAST_MS = 2_000;

interface Sample {
  at: number;
  done: number;
}

/** How fast a job is, seen from outside: each phase by itself. */
export class JobMeter {
  #phase = "";
  #samples: Sample[] = [];

  note(job: Pick<PortalJob, "job_id" | "phase" | "done">, now: number): void {
    const phase = `${job.job_id}:${job.phase}`;
    const last = this.#samples.at(-1);
    // A job that was resumed begins its phase again.
    if (phase !== this.#phase || (last && job.done < last.done)) {
      this.#phase = phase;
      this.#samples = [];
    }
    this.#samples.push({ at: now, done: job.done });
    while (this.#samples.length > 2 && this.#samples[0]!.at < now - WINDOW_MS) this.#samples.shift();
  }

  /** Accounts a second; undefined as long as nobody can say. */
  rate(): number | undefined {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.at - first.at < LEAST_MS || last.done === first.done) return undefined;
    return ((last.done - first.done) * 1000) / (last.at - first.at);
  }

  /** Milliseconds to the end of the phase. */
  left(job: Pick<PortalJob, "done" | "total">): number | undefined {
    const rate = this.rate();
    if (rate === undefined || job.total === undefined) return undefined;
    return (Math.max(0, job.total - job.done) / rate) * 1000;
  }
}
