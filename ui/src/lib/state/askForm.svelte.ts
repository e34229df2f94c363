import { call } from "$lib/api/backend";
import type { CreditPackView } from "$lib/api/bindings/CreditPackView";
import type { TopUpView } from "$lib/api/bindings/TopUpView";
import type { TopUpWish } from "$lib/api/bindings/TopUpWish";
import { type CallError, outcomeUnknown, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";
import { parseAmount } from "$lib/format/amount";

// These too leave open whether Central has it: the answer may have been lost on its way.
const LOST_ON_THE_WAY = new Set(["server_unreachable", "server_error"]);

/** One request for credit. Its id stays until it was answered, so that sending again never asks twice. */
export class AskForm {
  /** A pack's id, "amount", or nothing yet. */
  chosen = $state("");
  text = $state("");
  note = $state("");
  busy = $state(false);
  /** Sent with an unknown outcome: what was asked rests until it is known. */
  pending = $state(false);
  error = $state.raw<CallError>();
  #id = mintId();

  /** What would be asked for; undefined while that is not complete. */
  wish(packs: CreditPackView[], unit: string): TopUpWish | undefined {
    if (this.chosen === "amount") {
      const amount = parseAmount(this.text, unit);
      return amount ? { amount } : undefined;
    }
    const pack = packs.find((one) => one.pack_id === this.chosen);
    return pack && { pack: { pack_id: pack.pack_id, version: pack.version } };
  }

  async send(packs: CreditPackView[], unit: string): Promise<TopUpView | undefined> {
    const wish = this.wish(packs, unit);
    if (!wish || this.busy) return undefined;
    this.busy = true;
    this.error = undefined;
    try {
      const asked = await call("request_top_up", { request_id: this.#id, wish, note: this.note.trim() });
      this.pending = false;
      return asked;
    } catch (thrown) {
      const error = toCallError(thrown);
      this.error = error;
      this.pending = outcomeUnknown(error) || LOST_ON_THE_WAY.has(error.code);
      // A refused request is over; the next one is another.
      if (!this.pending) this.#id = mintId();
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
