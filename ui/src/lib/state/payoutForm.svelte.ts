import { call } from "$lib/api/backend";
import type { PayoutMethod } from "$lib/api/bindings/PayoutMethod";
import type { PayoutView } from "$lib/api/bindings/PayoutView";
import { type CallError, outcomeUnknown, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";
import { m } from "$lib/paraglide/messages";

// These too leave open whether Central has it: the answer may have been lost on its way.
const LOST_ON_THE_WAY = new Set(["server_unreachable", "server_error"]);

/** One request for a payout. Its id stays until it was answered, so that sending again never asks twice. */
export class PayoutForm {
  method = $state<PayoutMethod>("bank_transfer");
  destination = $state("");
  busy = $state(false);
  /** Sent with an unknown outcome: what was asked rests until it is known. */
  pending = $state(false);
  error = $state.raw<CallError>();
  #id = mintId();

  get problem(): string | undefined {
    return this.method !== "cash" && this.destination.trim() === ""
      ? m.payout_destination_needed()
      : undefined;
  }

  async send(): Promise<PayoutView | undefined> {
    if (this.problem || this.busy) return undefined;
    this.busy = true;
    this.error = undefined;
    try {
      const asked = await call("request_payout", {
        payout_id: this.#id,
        method: this.method,
        destination: this.destination.trim(),
      });
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
