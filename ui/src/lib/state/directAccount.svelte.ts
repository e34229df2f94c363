import { call } from "$lib/api/backend";
import type { DirectAccountView } from "$lib/api/bindings/DirectAccountView";
import { type CallError, NO_ANSWER, toCallError } from "$lib/api/error";

import { BoxDoing, boxKey } from "./portalBox.svelte";

/** One account, looked for on the portal by this computer. */
export class DirectAccount {
  found = $state.raw<DirectAccountView>();
  error = $state.raw<CallError>();
  busy = $state(false);
  /** What was looked for last, for the words that say there is none. */
  asked = $state("");

  #turn = 0;

  constructor(readonly portalId: string) {}

  /** The one that was asked for last is shown: a slow portal may still answer for the one before. */
  async look(search: string): Promise<void> {
    if (this.busy && search === this.asked) return;
    const turn = ++this.#turn;
    this.busy = true;
    // What is shown can be acted on: it must not be another account than the one that was asked for.
    if (search !== this.asked) this.found = undefined;
    this.asked = search;
    this.error = undefined;
    try {
      const found = await call("direct_account", { portal_id: this.portalId, search });
      if (turn === this.#turn) this.found = found;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.found = undefined;
      this.error = toCallError(thrown);
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }
}

/** The box of an account that Counterfoil knows, over the portal itself. */
export class DirectBox extends BoxDoing {
  constructor(portalId: string, accountId: string) {
    const ids = { portal_id: portalId, account_id: accountId };
    super(boxKey(portalId, accountId), (action) => call("act_directly", { ...ids, action }), lost);
  }
}

/** The core tells itself when the portal's answer was lost; here it is its own answer that was. */
function lost(error: CallError): boolean {
  return error.code === NO_ANSWER || error.code === "internal";
}
