import { call } from "$lib/api/backend";
import type { CertificateView } from "$lib/api/bindings/CertificateView";
import type { PortalView } from "$lib/api/bindings/PortalView";
import { type CallError, toCallError } from "$lib/api/error";

import { Resource } from "./resource.svelte";

/** What came of a look, as far as the portal itself does not tell it. */
export interface Look {
  busy: boolean;
  error?: CallError;
  /** Presented and not believed. */
  untrusted?: CertificateView;
}

const NEVER: Look = { busy: false };

/** The portals of the operator, and the looks at them. */
export class Portals {
  list = new Resource<PortalView[]>(() => call("portals_list"));
  #looks = $state.raw<Record<string, Look>>({});
  /** The look that counts at each portal: what one before it still answers is of another connection. */
  #turns = new Map<string, number>();

  one(id: string | undefined): PortalView | undefined {
    return this.list.data?.find((portal) => portal.portal_id === id);
  }

  look(id: string): Look {
    return this.#looks[id] ?? NEVER;
  }

  /** Puts in place what another call brought along. */
  put(portal: PortalView): void {
    const list = this.list.data ?? [];
    const known = list.some((one) => one.portal_id === portal.portal_id);
    this.list.set(
      known ? list.map((one) => (one.portal_id === portal.portal_id ? portal : one)) : [...list, portal],
    );
  }

  /** Looks at a portal; one look at a time. */
  async lookAt(id: string): Promise<void> {
    if (this.look(id).busy) return;
    const turn = this.#next(id);
    this.#note(id, { busy: true });
    try {
      const { portal, untrusted } = await call("probe_portal", { portal_id: id });
      if (turn !== this.#turns.get(id)) return;
      this.put(portal);
      this.#note(id, { busy: false, untrusted });
    } catch (thrown) {
      if (turn === this.#turns.get(id)) this.#note(id, { busy: false, error: toCallError(thrown) });
    }
  }

  /** What an earlier look said is over, after the connection was changed. */
  forgetLook(id: string): void {
    this.#next(id);
    this.#note(id, NEVER);
  }

  #next(id: string): number {
    const turn = (this.#turns.get(id) ?? 0) + 1;
    this.#turns.set(id, turn);
    return turn;
  }

  #note(id: string, look: Look): void {
    this.#looks = { ...this.#looks, [id]: look };
  }
}
