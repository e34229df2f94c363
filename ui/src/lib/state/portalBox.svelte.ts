import { call } from "$lib/api/backend";
import type { BoxActed } from "$lib/api/bindings/BoxActed";
import type { BoxAction } from "$lib/api/bindings/BoxAction";
import type { PortalBoxView } from "$lib/api/bindings/PortalBoxView";
import { type CallError, outcomeUnknown, toCallError } from "$lib/api/error";

import { Resource } from "./resource.svelte";

/** What was last done to a box, and what became of it. */
export interface Done {
  action: BoxAction;
  acted?: BoxActed;
  error?: CallError;
}

/** After these the portal shows something else than before. */
const SHOWN: ReadonlySet<BoxAction["kind"]> = new Set(["subscribe", "unsubscribe", "reset_device"]);

/** The box of one account: asked of the portal when somebody wants to see it. */
export class PortalBox {
  shown: Resource<PortalBoxView>;
  done = $state.raw<Done>();
  busy = $state(false);

  constructor(
    readonly portalId: string,
    readonly accountId: string,
  ) {
    this.shown = new Resource(() => call("portal_box", { portal_id: portalId, account_id: accountId }));
  }

  /** Does it once. After a lost answer nothing is sent again: that is for a person to decide. */
  async act(action: BoxAction): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.done = undefined;
    try {
      const ids = { portal_id: this.portalId, account_id: this.accountId };
      const acted = await call("act_on_box", { ...ids, action });
      this.done = { action, acted };
      if (SHOWN.has(action.kind) && this.shown.data) await this.shown.load();
    } catch (thrown) {
      const error = toCallError(thrown);
      // Central may have done it and could not say so.
      this.done = lost(error) ? { action, acted: { outcome: "unknown" } } : { action, error };
    } finally {
      this.busy = false;
    }
  }
}

function lost(error: CallError): boolean {
  return outcomeUnknown(error) || error.code === "server_unreachable" || error.code === "server_error";
}
