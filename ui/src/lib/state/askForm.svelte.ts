import { call } from "$lib/api/backend";
import type { CreditPackView } from "$lib/api/bindings/CreditPackView";
import type { TopUpView } from "$lib/api/bindings/TopUpView";
import type { TopUpWish } from "$lib/api/bindings/TopUpWish";
import { type CallError, toCallError } from "$lib/api/error";
import { parseAmount } from "$lib/format/amount";

import { Once } from "./once.svelte";

/** One request for credit. Its id stays until it was answered, so that sending again never asks twice. */
export class AskForm {
  /** A pack's id, "amount", or nothing yet. */
  chosen = $state("");
  text = $state("");
  note = $state("");
  busy = $state(false);
  error = $state.raw<CallError>();
  #once = new Once();

  /** Sent with an unknown outcome: what was asked rests until it is known. */
  get pending(): boolean {
    return this.#once.pending;
  }

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
      return await this.#once.send((id) =>
        call("request_top_up", { request_id: id, wish, note: this.note.trim() }),
      );
    } catch (thrown) {
      this.error = toCallError(thrown);
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
