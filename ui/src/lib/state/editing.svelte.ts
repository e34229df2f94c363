import { errorWords } from "$lib/words/errors";

import { EditSheet } from "./editSheet";
import type { Page } from "./navigation.svelte";
import type { Resource } from "./resource.svelte";
import { toasts } from "./toasts.svelte";

/** The sheet of a page whose list is read as a whole: which of it is edited there, or that a new one is written. */
export class Editing<T> extends EditSheet {
  #turn = $state(0);

  constructor(
    page: Page,
    private readonly list: Resource<T[]>,
    private readonly idOf: (one: T) => string,
    rest: Record<string, string> = {},
  ) {
    super(page, rest);
  }

  get one(): T | undefined {
    return this.list.data?.find((one) => this.idOf(one) === this.which);
  }

  get open(): boolean {
    return this.which === "new" || this.one !== undefined;
  }

  /** With another key the form begins anew. A list that is read again by itself leaves alone what is being typed. */
  get key(): string {
    return `${this.which}:${this.#turn}`;
  }

  /** What `which` names was saved. Whoever has opened another one or another page meanwhile stays there. */
  saved(which: string, saved: T): void {
    this.#put(saved);
    this.done(which);
    void this.list.load();
  }

  /** Whoever opens it again before the list came finds it as it is now. */
  #put(saved: T): void {
    const list = this.list.data;
    if (!list) return;
    const id = this.idOf(saved);
    const known = list.some((one) => this.idOf(one) === id);
    this.list.set(known ? list.map((one) => (this.idOf(one) === id ? saved : one)) : [...list, saved]);
  }

  /** Somebody else changed it: the form begins anew with what is there now. */
  async reload(): Promise<void> {
    await this.list.load();
    if (this.list.error) toasts.show(errorWords(this.list.error.api).what, "red");
    else this.#turn += 1;
  }
}
