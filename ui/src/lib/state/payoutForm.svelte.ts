import { call } from "$lib/api/backend";
import type { PayoutMethod } from "$lib/api/bindings/PayoutMethod";
import type { PayoutView } from "$lib/api/bindings/PayoutView";
import { type CallError, toCallError } from "$lib/api/error";
import { m } from "$lib/paraglide/messages";

import { Once } from "./once.svelte";

/** One request for a payout. Its id stays until it was answered, so that sending again never asks twice. */
export class PayoutForm {
  method = $state<PayoutMethod>("bank_transfer");
  destination = $state("");
  busy = $state(false);
  error = $state.raw<CallError>();
  #once = new Once();

  /** Sent with an unknown outcome: what was asked rests until it is known. */
  get pending(): boolean {
    return this.#once.pending;
  }

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
      return await this.#once.send((id) =>
        call("request_payout", {
          payout_id: id,
          method: this.method,
          destination: this.destination.trim(),
        }),
      );
    } catch (thrown) {
      this.error = toCallError(thrown);
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
