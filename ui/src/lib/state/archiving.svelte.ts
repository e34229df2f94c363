import type { ArchiveStatus } from "$lib/api/bindings/ArchiveStatus";
import { type CallError, toCallError } from "$lib/api/error";
import { m } from "$lib/paraglide/messages";
import { errorWords } from "$lib/words/errors";

import { keepFocus } from "./focus";
import type { Resource } from "./resource.svelte";
import { toasts } from "./toasts.svelte";

interface Archived {
  status: ArchiveStatus;
}

/** Archives one of a list or takes it back, with one press, and offers the way back. */
export class Archiving<T extends Archived> {
  error = $state.raw<CallError>();
  #busy = false;

  constructor(
    private readonly list: Resource<T[]>,
    private readonly save: (one: T, status: ArchiveStatus) => Promise<T>,
    private readonly said: (saved: T) => string,
  ) {}

  /** A second press before the list shows the first is the first once more. */
  async toggle(one: T): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.error = undefined;
    try {
      await this.#turn(one);
    } catch (thrown) {
      this.error = toCallError(thrown);
    } finally {
      this.#busy = false;
    }
  }

  /** What went wrong was read: shows how things are. */
  async again(): Promise<void> {
    this.error = undefined;
    await this.list.load();
  }

  async #turn(one: T): Promise<void> {
    const saved = await this.save(one, one.status === "active" ? "archived" : "active");
    toasts.show(this.said(saved), "green", { label: m.undo(), run: () => void this.#undo(saved) });
    await this.list.load();
    await keepFocus();
  }

  /** Pressed on whichever page, so told there. */
  async #undo(saved: T): Promise<void> {
    try {
      await this.#turn(saved);
    } catch (thrown) {
      toasts.show(errorWords(toCallError(thrown).api).what, "red");
    }
  }
}
