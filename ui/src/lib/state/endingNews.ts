import { call } from "$lib/api/backend";
import { m } from "$lib/paraglide/messages";

import { onChanged } from "./changes";
import { notifications } from "./notifications.svelte";
import { readStored, writeStored } from "./stored";

const KEY = "ending-told";
/** A day begins while the program runs, too. */
const PAUSE_MS = 3_600_000;
/** Of more it is said that there are more. */
const COUNTED = 100;

/** Tells once a day on this machine that services end soon. On a day on which none does nothing is told. */
export class EndingNews {
  #looking = false;
  #turn = 0;

  constructor(private readonly who: string) {}

  /** The answer stops it. */
  start(): () => void {
    // Accounts are first read when the first sync brings them.
    const stop = onChanged(["accounts"], () => void this.#look());
    const timer = setInterval(() => void this.#look(), PAUSE_MS);
    void this.#look();
    return () => {
      stop();
      clearInterval(timer);
      this.#turn += 1;
    };
  }

  async #look(): Promise<void> {
    const [key, today] = [`${KEY}.${this.who}`, new Date().toDateString()];
    if (this.#looking || readStored(key) === today) return;
    this.#looking = true;
    const turn = this.#turn;
    try {
      const page = { search: "", show: "ending_soon", page: { limit: COUNTED } } as const;
      const { rows, next } = await call("accounts_page", page);
      if (turn !== this.#turn || rows.length === 0) return;
      writeStored(key, today);
      const count = rows.length;
      notifications.tell("ending", {
        title: m.notif_ending_title(),
        text: next === undefined ? m.notif_ending_text({ count }) : m.notif_ending_many({ count }),
      });
    } catch {
      // Whoever may not see accounts is told of none, and whatever else went wrong is tried again in an hour.
    } finally {
      this.#looking = false;
    }
  }
}
