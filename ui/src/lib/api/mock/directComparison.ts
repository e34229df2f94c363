import type { DirectComparison } from "../bindings/DirectComparison";
import type { DriftCounts } from "../bindings/DriftCounts";
import type { DriftRow } from "../bindings/DriftRow";
import { inventDrift } from "./driftRows";
import { workTime } from "./workTime";

/** How long an invented portal takes for its list, and then for the details. */
const LISTING_MS = 500;
const DETAILS_MS = 2_500;
const ACCOUNTS = 98_042;
const DISAGREE: DriftCounts = { differs: 1_204, missing: 37, unlinked: 0, unknown: 62 };
const NONE: DriftCounts = { differs: 0, missing: 0, unlinked: 0, unknown: 0 };
const MOST_ROWS = 500;

/** A comparison that goes on by the clock, whoever looks. */
export class MockComparison {
  #started = Date.now();
  #since = workTime();
  #ended: number | undefined;
  /** Of the details, so much was read when it was cancelled. */
  #cancelled: number | undefined;

  constructor(
    private portalId: string,
    private kind: "differs" | "agrees" | "fails",
    private long: boolean,
  ) {}

  get #share(): number {
    return this.#cancelled ?? Math.min(1, Math.max(0, (workTime() - this.#since - LISTING_MS) / DETAILS_MS));
  }

  get #state(): DirectComparison["state"] {
    if (this.#cancelled !== undefined) return "cancelled";
    if (this.kind === "fails" && this.#share >= 0.4) return "failed";
    return this.#share >= 1 ? "done" : "running";
  }

  #rows(counts: DriftCounts): DriftRow[] {
    const rest = MOST_ROWS - counts.missing - counts.unknown;
    return (["differs", "missing", "unknown"] as const).flatMap((kind) =>
      Array.from({ length: kind === "differs" ? Math.min(rest, counts.differs) : counts[kind] }, (_, index) =>
        inventDrift(kind, index, this.long),
      ),
    );
  }

  view(): DirectComparison {
    const state = this.#state;
    if (state !== "running") this.#ended ??= Date.now();
    const share = this.#share;
    const listed = this.#cancelled !== undefined || workTime() - this.#since >= LISTING_MS;
    const far = this.kind !== "differs" || state === "failed" ? 0 : share;
    // What is missing is known when everything was read.
    const counts =
      far === 0
        ? NONE
        : {
            differs: Math.floor(DISAGREE.differs * far),
            missing: far === 1 ? DISAGREE.missing : 0,
            unlinked: 0,
            unknown: Math.floor(DISAGREE.unknown * far),
          };
    return {
      portal_id: this.portalId,
      state,
      started_at: this.#started,
      ended_at: this.#ended,
      accounts: Math.floor(ACCOUNTS * share),
      of: listed ? ACCOUNTS : undefined,
      counts,
      rows: this.#rows(counts),
      trouble: state === "failed" ? this.#trouble() : undefined,
    };
  }

  #trouble(): NonNullable<DirectComparison["trouble"]> {
    return {
      code: "timed_out",
      detail: "The portal did not answer within 30 s.",
      remedy: "Try again later; a portal is slowest in the evening.",
      since: this.#ended ?? Date.now(),
    };
  }

  cancel(): DirectComparison {
    if (this.#state === "running") this.#cancelled = this.#share;
    return this.view();
  }
}
