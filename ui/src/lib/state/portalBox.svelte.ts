import { call } from "$lib/api/backend";
import type { BoxActed } from "$lib/api/bindings/BoxActed";
import type { BoxAction } from "$lib/api/bindings/BoxAction";
import type { PortalBoxView } from "$lib/api/bindings/PortalBoxView";
import { type CallError, mayHaveHappened, toCallError } from "$lib/api/error";

import { Resource } from "./resource.svelte";

/** What was last done to a box, and what became of it. */
export interface Done {
  action: BoxAction;
  acted?: BoxActed;
  error?: CallError;
}

export const boxKey = (portalId: string, accountId: string) => `box:${portalId}:${accountId}`;

/** After these the portal shows something else than before. */
const SHOWN: ReadonlySet<BoxAction["kind"]> = new Set(["subscribe", "unsubscribe", "reset_device"]);

/** A message to a box, as it is being typed. */
export class BoxMessageForm {
  text = $state("");
  /** Seconds; empty for never. */
  hideAfter = $state("");
  /** On its way, also when its panel was closed and opened again. */
  sending = $state(false);
  /** It may have arrived: a person decides whether it is sent again. */
  unknown = $state(false);
}

/** What is done to one box, one thing at a time. */
export class BoxDoing {
  done = $state.raw<Done>();
  busy = $state(false);

  constructor(
    /** The same for one box, however often it is opened: what was typed for it is found by it. */
    readonly key: string,
    private ask: (action: BoxAction) => Promise<BoxActed>,
    /** After these errors nobody knows whether it was done. */
    private lost: (error: CallError) => boolean,
  ) {}

  /** Does it once. After a lost answer nothing is sent again: that is for a person to decide. */
  async act(action: BoxAction): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.done = undefined;
    try {
      const acted = await this.ask(action);
      this.done = { action, acted };
      await this.after(action);
    } catch (thrown) {
      const error = toCallError(thrown);
      this.done = this.lost(error) ? { action, acted: { outcome: "unknown" } } : { action, error };
    } finally {
      this.busy = false;
    }
  }

  /** What follows when it was done. */
  protected async after(_action: BoxAction): Promise<void> {}
}

/** The box of one account: asked of the portal when somebody wants to see it. */
export class PortalBox extends BoxDoing {
  shown: Resource<PortalBoxView>;

  constructor(portalId: string, accountId: string) {
    const ids = { portal_id: portalId, account_id: accountId };
    super(boxKey(portalId, accountId), (action) => call("act_on_box", { ...ids, action }), mayHaveHappened);
    this.shown = new Resource(() => call("portal_box", ids));
  }

  protected override async after(action: BoxAction): Promise<void> {
    if (SHOWN.has(action.kind) && this.shown.data) await this.shown.load();
  }
}
