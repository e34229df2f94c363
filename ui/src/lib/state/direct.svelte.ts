import { call } from "$lib/api/backend";
import type { DirectPortalView } from "$lib/api/bindings/DirectPortalView";
import { type CallError, type FailureCode, toCallError } from "$lib/api/error";

import { Resource } from "./resource.svelte";

const AWAY: ReadonlySet<FailureCode> = new Set(["server_unreachable", "server_error"]);

/** Whether a call failed because Central is away, and not because of what was asked. */
export function isAway(error: CallError | undefined): boolean {
  return error !== undefined && AWAY.has(error.code);
}

/** What a portal on this computer is at: one thing at a time. */
export interface Upkeep {
  busy: boolean;
  error?: CallError;
}

const RESTING: Upkeep = { busy: false };

/** The portals that can be used from this computer without Central. */
export class DirectPortals {
  list = new Resource<DirectPortalView[]>(() => call("direct_portals"));
  #upkeep = $state.raw<Record<string, Upkeep>>({});

  one(id: string | undefined): DirectPortalView | undefined {
    return this.list.data?.find((portal) => portal.portal_id === id);
  }

  upkeep(id: string): Upkeep {
    return this.#upkeep[id] ?? RESTING;
  }

  /** Throws what stands in the way: the form tells it. */
  async setUp(id: string, password: string | undefined): Promise<DirectPortalView> {
    const portal = await call("set_up_direct_portal", {
      portal_id: id,
      ...(password ? { password } : {}),
    });
    this.#put(portal);
    return portal;
  }

  async renew(id: string): Promise<void> {
    if (this.upkeep(id).busy) return;
    this.#note(id, { busy: true });
    try {
      this.#put(await call("renew_direct_portal", { portal_id: id }));
      this.#note(id, RESTING);
    } catch (thrown) {
      this.#note(id, { busy: false, error: toCallError(thrown) });
      // One that Central does not have any more, or reaches otherwise, is forgotten by the core.
      await this.list.load();
    }
  }

  /** Throws what stands in the way: the question tells it. */
  async forget(id: string): Promise<void> {
    await call("forget_direct_portal", { portal_id: id });
    this.#note(id, RESTING);
    this.list.set((this.list.data ?? []).filter((portal) => portal.portal_id !== id));
  }

  #put(portal: DirectPortalView): void {
    const others = (this.list.data ?? []).filter((one) => one.portal_id !== portal.portal_id);
    this.list.set([...others, portal].sort((one, other) => one.name.localeCompare(other.name)));
  }

  #note(id: string, upkeep: Upkeep): void {
    this.#upkeep = { ...this.#upkeep, [id]: upkeep };
  }
}
