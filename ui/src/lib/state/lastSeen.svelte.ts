import { SvelteMap } from "svelte/reactivity";

import { call } from "$lib/api/backend";

/** Cells that are drawn together are asked for together. */
const GATHER_MS = 60;
/** As many as Central tells of in a call. */
const AT_ONCE = 500;
/** What was told is asked again after this long. */
const FRESH_MS = 60_000;

/**
 * When accounts of the list were last at their portals. The list is this machine's own and knows nothing of it, because it
 * moves all the time: the rows that are on the screen are asked of Central, many in a call.
 */
export class LastSeen {
  #told = new SvelteMap<string, { seen: number | undefined; at: number }>();
  #waiting = new Set<string>();
  #asking = false;
  /** The last call was not answered. */
  failed = $state(false);

  /** A moment; nothing where no portal tells, and where nothing is known yet. */
  of(accountId: string): { known: boolean; seen: number | undefined } {
    const told = this.#told.get(accountId);
    return { known: told !== undefined, seen: told?.seen };
  }

  /** Somebody looks at this account. */
  want(accountId: string, now = Date.now()): void {
    const told = this.#told.get(accountId);
    if (told && now - told.at < FRESH_MS) return;
    this.#waiting.add(accountId);
    if (!this.#asking) this.#askSoon();
  }

  #askSoon(): void {
    this.#asking = true;
    setTimeout(() => void this.#ask(), GATHER_MS);
  }

  async #ask(): Promise<void> {
    this.#asking = false;
    const account_ids = [...this.#waiting].slice(0, AT_ONCE);
    for (const id of account_ids) this.#waiting.delete(id);
    if (this.#waiting.size > 0) this.#askSoon();
    try {
      const rows = await call("accounts_seen", { account_ids });
      const seen = new Map(rows.map((row) => [row.account_id, row.last_access_at]));
      const at = Date.now();
      for (const id of account_ids) this.#told.set(id, { seen: seen.get(id), at });
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }
}
