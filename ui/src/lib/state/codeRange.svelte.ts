import { call } from "$lib/api/backend";
import type { AllocationPreview } from "$lib/api/bindings/AllocationPreview";
import type { CodeJob } from "$lib/api/bindings/CodeJob";
import type { CodeRangePreview } from "$lib/api/bindings/CodeRangePreview";
import type { LotChange } from "$lib/api/bindings/LotChange";
import type { ResellerView } from "$lib/api/bindings/ResellerView";
import { type CallError, mayHaveHappened, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";
import { m } from "$lib/paraglide/messages";

/** What can be done to the codes between two serials. */
export type RangeWhat = "allocate" | LotChange;

export const RANGE_WHATS: readonly RangeWhat[] = ["allocate", "hold", "release", "void", "revoke"];

/** How a serial is written; shown where one is typed. */
export const SERIAL = "000123-0007";

/** What a person typed as a serial, as two numbers; undefined when it is none. */
export function serialIn(text: string): [number, number] | undefined {
  const found = /^\s*(\d{1,9})-(\d{1,9})\s*$/.exec(text);
  const [number, seq] = [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)];
  return number > 0 && seq > 0 ? [number, seq] : undefined;
}

/**
 * The codes from one serial to another, in as many lots as that takes: tried dry first, then exactly that, by a job on each
 * lot. The ids of the jobs stay until Central has answered, so that asking again never does it twice.
 */
export class CodeRange {
  what = $state<RangeWhat>("allocate");
  reseller = $state.raw<ResellerView>();
  from = $state("");
  to = $state("");
  label = $state("");
  reason = $state("");
  allocation = $state.raw<AllocationPreview>();
  change = $state.raw<CodeRangePreview>();
  jobs = $state.raw<CodeJob[]>([]);
  busy = $state<"look" | "do" | "cancel" | "undo">();
  /** What was shown is not so any more. */
  stale = $state(false);
  /** Begun with an unknown outcome: what was shown rests until it is known. */
  pending = $state(false);
  error = $state.raw<CallError>();
  #ids = new Map<string, [lot: string, job: string]>();
  #asking = false;
  /** Counts choices: what was looked at for an earlier one is not shown for this. */
  #turn = 0;

  get problems(): { reseller?: string; from?: string; to?: string } {
    const [from, to] = [serialIn(this.from), serialIn(this.to)];
    const wrong = m.range_serial_wrong({ example: SERIAL });
    const turned = from && to && (from[0] > to[0] || (from[0] === to[0] && from[1] > to[1]));
    return {
      ...(this.what === "allocate" && !this.reseller ? { reseller: m.lot_reseller_required() } : {}),
      ...(from ? {} : { from: wrong }),
      ...(!to ? { to: wrong } : turned ? { to: m.range_order_wrong() } : {}),
    };
  }

  get valid(): boolean {
    return Object.keys(this.problems).length === 0;
  }

  /** Codes that would be changed as shown; 0 where nothing was shown, or where it would be refused. */
  get codes(): number {
    if (this.what !== "allocate") return this.change?.changed ?? 0;
    return this.allocation && !this.allocation.refusal ? this.allocation.codes : 0;
  }

  get running(): CodeJob[] {
    return this.jobs.filter((job) => job.state === "running");
  }

  /** Another choice: what was shown is of the one before. */
  forget(): void {
    this.#turn += 1;
    this.allocation = undefined;
    this.change = undefined;
    this.stale = false;
    this.pending = false;
    this.error = undefined;
    this.#ids.clear();
  }

  async look(): Promise<void> {
    if (!this.valid || this.busy) return;
    const serials = { serial_from: this.from.trim(), serial_to: this.to.trim() };
    const { what } = this;
    const turn = ++this.#turn;
    await this.#ask("look", async () => {
      if (what === "allocate") {
        const { reseller_id } = this.reseller!;
        const allocation = await call("preview_allocation", { reseller_id, ...serials });
        if (turn === this.#turn) this.allocation = allocation;
      } else {
        const change = await call("preview_code_range", { change: what, ...serials });
        if (turn === this.#turn) this.change = change;
      }
    });
  }

  /** Begins what was shown; true when its jobs go on. */
  async send(): Promise<boolean> {
    if (this.codes === 0 || this.busy || (this.what !== "allocate" && this.reason.trim() === ""))
      return false;
    this.stale = false;
    await this.#ask("do", async () => {
      this.jobs = await (this.what === "allocate" ? this.#allocate() : this.#change(this.what));
    });
    this.pending = this.error !== undefined && mayHaveHappened(this.error);
    if (!this.pending) this.#ids.clear();
    if (this.error?.code === "conflict") {
      await this.look();
      this.stale = this.error === undefined;
    }
    return this.jobs.length > 0;
  }

  async #allocate(): Promise<CodeJob[]> {
    const { parts, total } = this.allocation!;
    const given = await call("allocate_codes", {
      reseller_id: this.reseller!.reseller_id,
      total,
      label: this.label.trim(),
      parts: parts
        .filter((part) => part.codes > 0)
        .map(({ stock_id, seq_from, seq_to, codes }) => {
          const [lot_id, job_id] = this.#idsOf(stock_id);
          return { stock_id, lot_id, job_id, seq_from, seq_to, codes };
        }),
    });
    return given.lots.flatMap((lot) => lot.job ?? []);
  }

  async #change(change: LotChange): Promise<CodeJob[]> {
    const begun = await call("change_code_range", {
      change,
      reason: this.reason.trim(),
      parts: this.change!.parts.filter((part) => part.changed > 0).map(
        ({ lot_id, seq_from, seq_to, changed }) => {
          return { lot_id, job_id: this.#idsOf(lot_id)[1], seq_from, seq_to, changed };
        },
      ),
    });
    return begun.jobs;
  }

  #idsOf(part: string): [lot: string, job: string] {
    const known = this.#ids.get(part) ?? [mintId(), mintId()];
    this.#ids.set(part, known);
    return known;
  }

  /** Once a second while jobs run. */
  async follow(): Promise<void> {
    if (this.running.length === 0 || this.#asking || this.busy) return;
    this.#asking = true;
    try {
      for (const job of this.running) this.#put(await call("code_job", { job_id: job.job_id }));
    } catch {
      // A turn that is missed is taken the next time; the page's own status says when Central is away.
    } finally {
      this.#asking = false;
    }
  }

  /** Stops every job that still runs where it stands. */
  async cancel(): Promise<void> {
    await this.#ask("cancel", async () => {
      const job_ids = this.running.map((job) => job.job_id);
      for (const job of (await call("cancel_code_range", { job_ids })).jobs) this.#put(job);
    });
  }

  /** All jobs as one: how far they are. */
  get progress(): { done: number; total: number } {
    const sum = (of: (job: CodeJob) => number) => this.jobs.reduce((all, job) => all + of(job), 0);
    return { done: sum((job) => job.done), total: sum((job) => job.total) };
  }

  /** Codes that can still be put back; nothing is while a job goes on. */
  get undoable(): number {
    return this.running.length > 0 ? 0 : this.jobs.reduce((all, job) => all + job.undoable, 0);
  }

  /** Takes back what all of them changed. The jobs that do it stand in their place. */
  async undo(): Promise<void> {
    if (this.undoable === 0 || this.busy) return;
    await this.#ask("undo", async () => {
      const jobs = this.jobs
        .filter((job) => job.undoable > 0)
        .map(({ job_id }) => ({ job_id, undo_id: this.#idsOf(job_id)[1] }));
      this.jobs = (await call("undo_code_range", { jobs })).jobs;
    });
    if (!this.error || !mayHaveHappened(this.error)) this.#ids.clear();
  }

  #put(job: CodeJob): void {
    this.jobs = this.jobs.map((one) => (one.job_id === job.job_id ? job : one));
  }

  async #ask(what: "look" | "do" | "cancel" | "undo", ask: () => Promise<void>): Promise<void> {
    const turn = this.#turn;
    this.busy = what;
    this.error = undefined;
    try {
      await ask();
    } catch (thrown) {
      // What went wrong while another choice was looked at says nothing of this one.
      if (what !== "look" || turn === this.#turn) this.error = toCallError(thrown);
    } finally {
      this.busy = undefined;
    }
  }
}
