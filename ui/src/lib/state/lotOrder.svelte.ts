import { call } from "$lib/api/backend";
import type { Lot } from "$lib/api/bindings/Lot";
import type { LotPreview } from "$lib/api/bindings/LotPreview";
import type { ResellerView } from "$lib/api/bindings/ResellerView";
import { type CallError, mayHaveHappened, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";
import { CREDITS, formatCount, parseAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

/** Of `LotRights::most_ordered`; Central says it too. */
const MOST_ORDERED = 1_000_000;

/** What a person typed as a number of codes; undefined when it is none from 1 to `most`. */
export function countOf(text: string, most: number): number | undefined {
  const count = parseAmount(text, CREDITS);
  return count !== null && count >= 1 && count <= most ? count : undefined;
}

/** A lot that staff order. Its ids stay until it was answered, so that asking again never orders it twice. */
export class LotOrder {
  /** Nobody's yet: the operator keeps the codes. */
  kept = $state(false);
  reseller = $state.raw<ResellerView>();
  planId = $state("");
  count = $state("");
  label = $state("");
  preview = $state.raw<LotPreview>();
  looking = $state(false);
  busy = $state(false);
  /** Asked with an unknown outcome: the figures rest until it is known. */
  pending = $state(false);
  changed = $state(false);
  error = $state.raw<CallError>();
  #lot = mintId();
  #job = mintId();
  #turn = 0;

  get codes(): number | undefined {
    return countOf(this.count, MOST_ORDERED);
  }

  get problems(): { reseller?: string; plan?: string; count?: string } {
    return {
      ...(this.kept || this.reseller ? {} : { reseller: m.lot_reseller_required() }),
      ...(this.planId ? {} : { plan: m.lot_plan_required() }),
      ...(this.codes ? {} : { count: m.lot_count_wrong({ most: formatCount(MOST_ORDERED) }) }),
    };
  }

  get valid(): boolean {
    return Object.keys(this.problems).length === 0;
  }

  /** What the preview is of: another key asks again. */
  get key(): string {
    if (!this.valid) return "";
    return this.kept ? "kept" : `${this.reseller!.reseller_id}:${this.planId}:${this.codes}`;
  }

  /** Asks what it costs now. */
  async look(): Promise<void> {
    const turn = ++this.#turn;
    const { reseller, codes } = this;
    if (this.kept || !reseller || !codes || !this.planId) {
      this.preview = undefined;
      this.looking = false;
      return;
    }
    this.looking = true;
    try {
      const preview = await call("preview_lot", {
        reseller_id: reseller.reseller_id,
        plan_id: this.planId,
        count: codes,
      });
      if (turn !== this.#turn) return;
      this.preview = preview;
      this.error = undefined;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.preview = undefined;
      this.error = toCallError(thrown);
    } finally {
      if (turn === this.#turn) this.looking = false;
    }
  }

  async send(): Promise<Lot | undefined> {
    const { reseller, codes, preview } = this;
    if (!codes || this.busy) return undefined;
    // Nobody has seen yet what it costs, or it could not be read.
    if (!this.kept && !preview) await this.look();
    if (!this.kept && (!reseller || !preview || preview.refusal)) return undefined;
    this.busy = true;
    this.changed = false;
    this.error = undefined;
    try {
      const lot = await call("order_lot", {
        lot_id: this.#lot,
        job_id: this.#job,
        plan_id: this.planId,
        count: codes,
        ...(this.kept ? {} : { reseller_id: reseller!.reseller_id, total: preview!.total }),
        label: this.label.trim(),
      });
      this.pending = false;
      return lot;
    } catch (thrown) {
      const error = toCallError(thrown);
      this.pending = mayHaveHappened(error);
      if (!this.pending) [this.#lot, this.#job] = [mintId(), mintId()];
      if (error.code === "conflict" && !this.kept) {
        await this.look();
        this.changed = this.preview !== undefined;
      } else this.error = error;
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
