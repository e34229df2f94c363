import type { AskedByJob } from "../bindings/AskedByJob";
import type { JobState } from "../bindings/JobState";
import type { PortalJob } from "../bindings/PortalJob";
import type { PortalJobKind } from "../bindings/PortalJobKind";
import type { PortalTrouble } from "../bindings/PortalTrouble";
import { CallError } from "../error";
import { workTime } from "./workTime";

/** How long an invented portal takes for each phase. */
const LISTING_MS = 700;
const DETAILS_MS = 3_500;
const COMPARING_MS = 400;
const REPAIRING_MS = 2_500;

interface Outline {
  total: number;
  changed: number;
  refused: number;
  undoable: number;
  question?: AskedByJob;
  /** What it does when it is done. */
  finish: () => void;
}

/** A job that goes on by the clock, whoever looks. */
export class MockJob {
  undoneBy: string | undefined;
  #state: JobState = "running";
  #started = Date.now();
  /** Time that it has worked, without the pauses. */
  #worked = 0;
  #since = workTime();
  #ended: number | undefined;
  #answered = false;
  #trouble: PortalTrouble | undefined;
  #by = "m.azadi";

  constructor(
    private portalId: string,
    readonly id: string,
    private kind: PortalJobKind,
    private outline: Outline,
  ) {}

  static ended(portalId: string, id: string, kind: PortalJobKind, at: number, changed: number, refused = 0) {
    const undoable = kind.startsWith("repair") ? changed : 0;
    const finish = () => undefined;
    const job = new MockJob(portalId, id, kind, { total: changed, changed, refused, undoable, finish });
    job.#state = "done";
    job.#started = at;
    job.#ended = at + 90_000;
    return job;
  }

  static failed(portalId: string, id: string, at: number, trouble: PortalTrouble) {
    const outline = { total: 640, changed: 12, refused: 0, undoable: 0, finish: () => undefined };
    const job = new MockJob(portalId, id, "sync_changes", outline);
    job.#state = "failed";
    job.#started = at;
    job.#worked = LISTING_MS + DETAILS_MS / 2;
    job.#ended = at + 200_000;
    job.#trouble = trouble;
    return job;
  }

  #pause(state: JobState): void {
    this.#worked += workTime() - this.#since;
    this.#state = state;
    if (state !== "asking") this.#ended = Date.now();
  }

  #phases(): [PortalJob["phase"], number][] {
    if (this.kind === "sync_changes" || this.kind === "sync_everything")
      return [
        ["listing", LISTING_MS],
        ["details", DETAILS_MS],
        ["comparing", COMPARING_MS],
      ];
    return [["repairing", REPAIRING_MS]];
  }

  #place(): { phase: PortalJob["phase"]; share: number; over: boolean } {
    let left = this.#worked + (this.#state === "running" ? workTime() - this.#since : 0);
    let last: PortalJob["phase"] = "repairing";
    for (const [phase, length] of this.#phases()) {
      if (left < length) return { phase, share: left / length, over: false };
      left -= length;
      last = phase;
    }
    return { phase: last, share: 1, over: true };
  }

  view(): PortalJob {
    const place = this.#place();
    if (this.#state === "running" && place.over) {
      if (this.outline.question && !this.#answered) this.#pause("asking");
      else {
        this.#pause("done");
        this.outline.finish();
      }
    }
    const { total, changed, refused, undoable, question } = this.outline;
    const done = this.#state === "done";
    return {
      job_id: this.id,
      portal_id: this.portalId,
      kind: this.kind,
      state: this.#state,
      phase: place.phase,
      done: Math.floor(place.share * total),
      total: place.phase === "listing" ? undefined : total,
      changed: done ? changed : Math.floor(place.share * changed),
      refused: done ? refused : 0,
      question: this.#state === "asking" ? question : undefined,
      trouble: this.#state === "failed" ? this.#trouble : undefined,
      started_at: this.#started,
      started_by: this.#by,
      ended_at: this.#ended,
      undoable: done ? undoable : 0,
      undone_by: this.undoneBy,
    };
  }

  cancel(): PortalJob {
    if (this.#state === "running") this.#pause("cancelled");
    else if (this.#state === "asking") {
      this.#state = "cancelled";
      this.#ended = Date.now();
    }
    return this.view();
  }

  resume(): PortalJob {
    if (this.#state !== "cancelled" && this.#state !== "failed")
      throw new CallError({ code: "conflict", detail: "it is not to be resumed" });
    return this.#goOn();
  }

  confirm(): PortalJob {
    if (this.#state !== "asking") throw new CallError({ code: "conflict", detail: "it asks nothing" });
    this.#answered = true;
    return this.#goOn();
  }

  #goOn(): PortalJob {
    this.#state = "running";
    this.#since = workTime();
    this.#ended = undefined;
    return this.view();
  }
}
