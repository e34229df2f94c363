import { call } from "$lib/api/backend";
import type { CreditPackView } from "$lib/api/bindings/CreditPackView";
import type { ResellerView } from "$lib/api/bindings/ResellerView";
import { type CallError, outcomeUnknown, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";
import { parseAmount } from "$lib/format/amount";

// These too leave open whether Central booked it: the answer may have been lost on its way.
const LOST_ON_THE_WAY = new Set(["server_unreachable", "server_error"]);

/** One top-up. Its id stays until it was answered, so that asking again never books it twice. */
export class TopUpForm {
  /** A pack's id, or "amount". */
  chosen = $state("amount");
  text = $state("");
  note = $state("");
  busy = $state(false);
  /** Asked with an unknown outcome: the figures rest until it is known. */
  pending = $state(false);
  error = $state.raw<CallError>();
  #id = mintId();

  async send(reseller: ResellerView, packs: CreditPackView[] = []): Promise<ResellerView | undefined> {
    const pack = packs.find((one) => one.pack_id === this.chosen);
    const amount = pack ? pack.credits : parseAmount(this.text, reseller.balance.unit);
    if (!amount || this.busy) return undefined;
    this.busy = true;
    this.error = undefined;
    try {
      const saved = await call("top_up", {
        top_up_id: this.#id,
        reseller_id: reseller.reseller_id,
        amount,
        note: this.note.trim(),
        ...(pack ? { pack: { pack_id: pack.pack_id, version: pack.version } } : {}),
      });
      this.pending = false;
      return saved;
    } catch (thrown) {
      const error = toCallError(thrown);
      this.error = error;
      this.pending = outcomeUnknown(error) || LOST_ON_THE_WAY.has(error.code);
      // A refused top-up is over; the next one is another.
      if (!this.pending) this.#id = mintId();
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
