import { call } from "$lib/api/backend";
import type { DriftKind } from "$lib/api/bindings/DriftKind";
import type { PortalJob } from "$lib/api/bindings/PortalJob";
import type { RepairDirection } from "$lib/api/bindings/RepairDirection";
import type { RepairPreview } from "$lib/api/bindings/RepairPreview";
import type { WhichDrift } from "$lib/api/bindings/WhichDrift";
import { type CallError, mayHaveHappened, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";
import { directionWords } from "$lib/words/drift";

/** What somebody wants to repair: all that disagree in one way, or some of them. */
export interface RepairTarget {
  kind: DriftKind;
  /** Undefined means all. */
  keys?: string[];
  count: number;
}

/** As many as one repair takes by their keys. */
export const MOST_CHOSEN = 500;

/** A repair from the choice of its direction to its job. Whatever is changed is shown anew before it can be done. */
export class Repair {
  toward = $state<RepairDirection>();
  preview = $state.raw<RepairPreview>();
  loading = $state(false);
  busy = $state(false);
  /** The portal was looked at since the first preview. */
  outdated = $state(false);
  error = $state.raw<CallError>();
  /** Why the last try was not done, also where what is there now is shown in its place. */
  refused: CallError | undefined;
  /** Sent, and nobody knows whether it began: the next try is the same. */
  pending = $state(false);
  #turn = 0;
  #jobId = mintId();

  constructor(
    readonly portalId: string,
    readonly target: RepairTarget,
  ) {}

  /** The only direction there is, where one of the two is not possible. */
  get onlyDirection(): RepairDirection | undefined {
    const possible = (["portal", "central"] as const).filter(
      (toward) => directionWords(toward, this.target.kind).possible,
    );
    return possible.length === 1 ? possible[0] : undefined;
  }

  get #which(): WhichDrift {
    return this.target.keys ? { these: this.target.keys } : { all: this.target.kind };
  }

  async choose(toward: RepairDirection): Promise<void> {
    this.toward = toward;
    this.outdated = false;
    await this.#show(toward);
  }

  async again(): Promise<void> {
    if (this.toward) await this.#show(this.toward);
  }

  async #show(toward: RepairDirection): Promise<void> {
    const turn = ++this.#turn;
    this.preview = undefined;
    this.error = undefined;
    this.loading = true;
    this.pending = false;
    this.#jobId = mintId();
    try {
      const preview = await call("preview_repair", { portal_id: this.portalId, toward, which: this.#which });
      if (turn === this.#turn) this.preview = preview;
    } catch (thrown) {
      if (turn === this.#turn) this.error = toCallError(thrown);
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }

  /** Does what was shown. Undefined when it was refused: then the present state is shown, or why. */
  async run(): Promise<PortalJob | undefined> {
    const { toward, preview } = this;
    if (!toward || !preview || this.busy) return undefined;
    this.busy = true;
    this.error = this.refused = undefined;
    try {
      const job = await call("repair_drift", {
        portal_id: this.portalId,
        job_id: this.#jobId,
        toward,
        which: this.#which,
        as_of: preview.as_of,
      });
      this.pending = false;
      return job;
    } catch (thrown) {
      const error = (this.refused = toCallError(thrown));
      if (error.code === "conflict") await this.#afterConflict(toward, preview.as_of, error);
      else this.error = error;
      this.pending = mayHaveHappened(error);
      if (!this.pending) this.#jobId = mintId();
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  /** Either the portal was looked at since, or something else is running on it. */
  async #afterConflict(toward: RepairDirection, before: number, error: CallError): Promise<void> {
    await this.#show(toward);
    this.outdated = this.preview !== undefined && this.preview.as_of !== before;
    if (!this.outdated) this.error ??= error;
  }
}
