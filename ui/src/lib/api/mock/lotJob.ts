import type { AmountView } from "../bindings/AmountView";
import type { CodeJob } from "../bindings/CodeJob";
import type { CodeJobKind } from "../bindings/CodeJobKind";
import { CallError } from "../error";
import { workTime } from "./workTime";

/** How long an invented Central takes for any job. */
const WORK_MS = 6_000;

interface Outline {
  lot_id: string;
  lot_number: string;
  seq_from: number;
  seq_to: number;
  total: number;
  refused: number;
  unit: string;
  /** Of all codes. */
  amount: number;
  reason: string;
}

/** A job that goes on by the clock, whoever looks. */
export class MockCodeJob {
  undoneBy: string | undefined;
  #state: CodeJob["state"] = "running";
  #worked = 0;
  #since = workTime();
  #ended: number | undefined;
  #trouble: CodeJob["trouble"];
  #told = 0;

  constructor(
    readonly id: string,
    readonly kind: CodeJobKind,
    private outline: Outline,
    /** Told of every code that is newly done. */
    private apply: (codes: number) => void,
    private started = Date.now(),
  ) {}

  /** One that ended long ago. */
  ended(state: "done" | "cancelled" | "failed", share = 1, trouble?: CodeJob["trouble"]): this {
    this.#state = state;
    this.#worked = WORK_MS * share;
    this.#ended = this.started + 90_000;
    this.#trouble = trouble;
    this.#told = this.#done();
    return this;
  }

  #done(): number {
    const worked = this.#worked + (this.#state === "running" ? workTime() - this.#since : 0);
    return Math.floor(Math.min(1, worked / WORK_MS) * this.outline.total);
  }

  #tell(): number {
    const done = this.#done();
    if (done > this.#told) {
      const news = done - this.#told;
      this.#told = done;
      this.apply(news);
    }
    return done;
  }

  view(): CodeJob {
    const done = this.#tell();
    const { total, refused, unit, reason, ...outline } = this.outline;
    if (this.#state === "running" && done >= total) {
      this.#state = "done";
      this.#worked = WORK_MS;
      this.#ended = Date.now();
    }
    const changed = done - Math.min(refused, done);
    const amount: AmountView = { value: Math.round((outline.amount * done) / Math.max(1, total)), unit };
    const undoable = this.kind === "hold_codes" || this.kind === "release_codes";
    return {
      job_id: this.id,
      lot_id: outline.lot_id,
      lot_number: outline.lot_number,
      kind: this.kind,
      state: this.#state,
      seq_from: outline.seq_from,
      seq_to: outline.seq_to,
      done,
      total,
      changed,
      refused: done - changed,
      amount,
      reason,
      ...(this.#state === "failed" && this.#trouble ? { trouble: this.#trouble } : {}),
      started_at: this.started,
      started_by: "m.azadi",
      ...(this.#ended ? { ended_at: this.#ended } : {}),
      undoable: undoable && this.#state !== "running" && !this.undoneBy ? changed : 0,
      ...(this.undoneBy ? { undone_by: this.undoneBy } : {}),
    };
  }

  cancel(): CodeJob {
    this.view();
    if (this.#state !== "running") throw new CallError({ code: "conflict", detail: "it is over" });
    this.#worked += workTime() - this.#since;
    this.#state = "cancelled";
    this.#ended = Date.now();
    return this.view();
  }

  resume(): CodeJob {
    if (this.#state !== "cancelled" && this.#state !== "failed")
      throw new CallError({ code: "conflict", detail: "it is not to be resumed" });
    this.#state = "running";
    this.#since = workTime();
    this.#ended = undefined;
    return this.view();
  }
}
