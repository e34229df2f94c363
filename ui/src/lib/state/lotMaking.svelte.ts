import { call } from "$lib/api/backend";
import type { CreatedLot } from "$lib/api/bindings/CreatedLot";
import { type CallError, toCallError } from "$lib/api/error";
import { m } from "$lib/paraglide/messages";

import { countOf } from "./lotOrder.svelte";
import { Once } from "./once.svelte";

const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Codes that a shop makes at once. Its id stays until it was answered: asking again shows the same codes. */
export class LotMaking {
  planId = $state("");
  count = $state("10");
  label = $state("");
  email = $state("");
  busy = $state(false);
  error = $state.raw<CallError>();
  made = $state.raw<CreatedLot>();
  #once = new Once();

  constructor(readonly most: number) {}

  /** Asked with an unknown outcome: the figures rest until it is known. */
  get pending(): boolean {
    return this.#once.pending;
  }

  get codes(): number | undefined {
    return countOf(this.count, this.most);
  }

  get problems(): { plan?: string; count?: string; email?: string } {
    const email = this.email.trim();
    return {
      ...(this.planId ? {} : { plan: m.lot_plan_required() }),
      ...(this.codes ? {} : { count: m.lot_count_wrong({ most: String(this.most) }) }),
      ...(email === "" || ADDRESS.test(email) ? {} : { email: m.lot_email_wrong() }),
    };
  }

  get valid(): boolean {
    return Object.keys(this.problems).length === 0;
  }

  async send(): Promise<void> {
    const { codes } = this;
    if (!codes || !this.valid || this.busy) return;
    this.busy = true;
    this.error = undefined;
    const email = this.email.trim();
    try {
      this.made = await this.#once.send((id) =>
        call("create_lot", {
          lot_id: id,
          plan_id: this.planId,
          count: codes,
          label: this.label.trim(),
          ...(email ? { customer_email: email } : {}),
        }),
      );
    } catch (thrown) {
      this.error = toCallError(thrown);
    } finally {
      this.busy = false;
    }
  }
}
