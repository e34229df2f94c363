import { call, listen } from "$lib/api/backend";
import type { Status } from "$lib/api/bindings/Status";
import { m } from "$lib/paraglide/messages";

import { onChanged } from "./changes";
import { notifications } from "./notifications.svelte";

/** What is activated within so long is told together. */
const TOGETHER_MS = 60_000;
/** A shop in which more is activated in that time is busy: nobody wants to be told over and over. */
const MOST = 20;

/**
 * Tells how many codes were activated while the program runs. Which ones is no matter: an activation is a change of a code that
 * may be months old, and the number of activated codes never falls.
 */
export class ActivationNews {
  /** So many there were at the last look. */
  #known: number | undefined;
  #stale = false;
  #looking = false;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  /** The answer stops it. */
  start(): () => void {
    const stops = [
      onChanged(["codes"], () => {
        if (this.#known !== undefined || this.#looking) this.#lookSoon();
      }),
      listen("status", (status) => this.#begin(status)),
    ];
    const turn = this.#turn;
    void call("status").then(
      (status) => {
        if (turn === this.#turn) this.#begin(status);
      },
      () => undefined,
    );
    return () => {
      stops.forEach((stop) => stop());
      clearTimeout(this.#pause);
      this.#pause = this.#known = undefined;
      this.#stale = this.#looking = false;
      this.#turn += 1;
    };
  }

  /** What the first sync brings is nothing new. */
  #begin(status: Status): void {
    if (status.last_sync_at !== undefined && this.#known === undefined && !this.#looking) this.#lookSoon();
  }

  #lookSoon(): void {
    this.#stale = true;
    this.#look();
  }

  #look(): void {
    if (!this.#stale || this.#looking || this.#pause !== undefined) return;
    this.#stale = false;
    this.#looking = true;
    const turn = this.#turn;
    void this.#count(turn).finally(() => {
      if (turn === this.#turn) this.#looking = false;
      // What changed while it was counted and told nobody is looked at now.
      if (turn === this.#turn) this.#look();
    });
  }

  async #count(turn: number): Promise<void> {
    let activated: number;
    try {
      const { by_state } = await call("codes_counts", { search: "", states: ["activated"] });
      activated = by_state.find(({ state }) => state === "activated")?.count ?? 0;
    } catch {
      return;
    }
    if (turn !== this.#turn) return;
    const fresh = this.#known === undefined ? 0 : activated - this.#known;
    // While records are copied anew there are fewer for a moment.
    this.#known = Math.max(activated, this.#known ?? 0);
    if (fresh > 0) this.#tell(fresh);
  }

  #tell(count: number): void {
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#look();
    }, TOGETHER_MS);
    if (count > MOST) return;
    notifications.tell("activations", {
      title: m.notif_activations_title(),
      text: m.notif_activations_text({ count }),
    });
  }
}
