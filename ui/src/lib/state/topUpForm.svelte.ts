import { call } from "$lib/api/backend";
import type { CreditPackView } from "$lib/api/bindings/CreditPackView";
import type { ResellerView } from "$lib/api/bindings/ResellerView";
import { type CallError, toCallError } from "$lib/api/error";
import { parseAmount } from "$lib/format/amount";

import { Once } from "./once.svelte";

/** One top-up. Its id stays until it was answered, so that asking again never books it twice. */
export class TopUpForm {
  /** A pack's id, or "amount". */
  chosen = $state("amount");
  text = $state("");
  note = $state("");
  busy = $state(false);
  error = $state.raw<CallError>();
  #once = new Once();

  /** Asked with an unknown outcome: the figures rest until it is known. */
  get pending(): boolean {
    return this.#once.pending;
  }

  async send(reseller: ResellerView, packs: CreditPackView[] = []): Promise<ResellerView | undefined> {
    const pack = packs.find((one) => one.pack_id === this.chosen);
    const amount = pack ? pack.credits : parseAmount(this.text, reseller.balance.unit);
    if (!amount || this.busy) return undefined;
    this.busy = true;
    this.error = undefined;
    try {
      return await this.#once.send((id) =>
        call("top_up", {
          top_up_id: id,
          reseller_id: reseller.reseller_id,
          amount,
          note: this.note.trim(),
          ...(pack ? { pack: { pack_id: pack.pack_id, version: pack.version } } : {}),
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
