import { call } from "$lib/api/backend";
import type { TrialCode } from "$lib/api/bindings/TrialCode";
import { type CallError, toCallError } from "$lib/api/error";

import { draft } from "./drafts";
import { Once } from "./once.svelte";

/** A trial that is given away. Its code is shown once, so it stays until somebody says that it was seen. */
export class TrialGift {
  email = $state("");
  made = $state.raw<TrialCode>();
  error = $state.raw<CallError>();
  /** The plan that was asked for, as long as it is on its way or nobody knows what became of it. */
  planId = $state<string>();
  busy = $state(false);
  readonly #once = new Once();

  /** Nobody answered: what was asked for rests until it is known. */
  get pending(): boolean {
    return this.#once.pending;
  }

  /** True once its code is there. */
  async give(plan_id: string): Promise<boolean> {
    if (this.busy || this.made || (this.pending && plan_id !== this.planId)) return false;
    this.busy = true;
    this.planId = plan_id;
    this.error = undefined;
    const email = this.email.trim();
    try {
      this.made = await this.#once.send((code_id) =>
        call("make_trial", { code_id, plan_id, ...(email ? { customer_email: email } : {}) }),
      );
      this.email = "";
      return true;
    } catch (thrown) {
      this.error = toCallError(thrown);
      return false;
    } finally {
      this.busy = false;
      if (!this.pending) this.planId = undefined;
    }
  }

  /** Its code was copied or shown. */
  putAway(): void {
    this.made = undefined;
  }
}

/** The one of whoever is signed in. */
export const trialGift = (): TrialGift => draft("trial", () => new TrialGift());
