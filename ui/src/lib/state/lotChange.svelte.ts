import { call } from "$lib/api/backend";
import type { ChangePreview } from "$lib/api/bindings/ChangePreview";
import type { CodeJob } from "$lib/api/bindings/CodeJob";
import type { Lot } from "$lib/api/bindings/Lot";
import type { LotChange } from "$lib/api/bindings/LotChange";
import { type CallError, mayHaveHappened, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";
import { formatCount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";
import { changesOf } from "$lib/words/lots";

import { countOf } from "./lotOrder.svelte";

/** Something done to many codes of a lot: tried dry first, then exactly that. */
export class LotChangeForm {
  change = $state<LotChange>("hold");
  from = $state("");
  to = $state("");
  reason = $state("");
  preview = $state.raw<ChangePreview>();
  busy = $state<"look" | "do">();
  /** What was shown is not so any more. */
  stale = $state(false);
  error = $state.raw<CallError>();
  #job = mintId();
  /** Counts choices: what was looked at for an earlier one is not shown for this. */
  #turn = 0;

  constructor(readonly lot: Lot) {
    this.change = changesOf(lot)[0]!;
    this.from = String(lot.first_seq);
    this.to = String(lot.last_seq);
  }

  get range(): { from: number; to: number } | undefined {
    const [from, to] = [countOf(this.from, this.lot.last_seq), countOf(this.to, this.lot.last_seq)];
    return from && to && from >= this.lot.first_seq && from <= to ? { from, to } : undefined;
  }

  get problem(): string | undefined {
    const { first_seq, last_seq } = this.lot;
    return this.range
      ? undefined
      : m.lot_range_wrong({ first: formatCount(first_seq), last: formatCount(last_seq) });
  }

  /** Another choice: what was shown is of the one before. */
  forget(): void {
    this.#turn += 1;
    this.preview = undefined;
    this.stale = false;
    this.error = undefined;
  }

  async look(): Promise<void> {
    const { range } = this;
    if (!range || this.busy) return;
    const turn = ++this.#turn;
    this.busy = "look";
    this.error = undefined;
    try {
      const preview = await call("preview_lot_change", {
        lot_id: this.lot.lot_id,
        change: this.change,
        seq_from: range.from,
        seq_to: range.to,
      });
      if (turn === this.#turn) this.preview = preview;
    } catch (thrown) {
      if (turn === this.#turn) this.error = toCallError(thrown);
    } finally {
      this.busy = undefined;
    }
  }

  async send(): Promise<CodeJob | undefined> {
    const { preview } = this;
    if (!preview || this.reason.trim() === "" || this.busy) return undefined;
    this.busy = "do";
    this.error = undefined;
    this.stale = false;
    try {
      return await call("change_lot", {
        lot_id: this.lot.lot_id,
        job_id: this.#job,
        change: this.change,
        seq_from: preview.seq_from,
        seq_to: preview.seq_to,
        changed: preview.changed,
        reason: this.reason.trim(),
      });
    } catch (thrown) {
      this.error = toCallError(thrown);
      if (!mayHaveHappened(this.error)) this.#job = mintId();
    } finally {
      this.busy = undefined;
    }
    if (this.error.code === "conflict") {
      await this.look();
      this.stale = this.error === undefined;
    }
    return undefined;
  }
}
