import { call } from "$lib/api/backend";
import type { CodeRow } from "$lib/api/bindings/CodeRow";

const PAUSE_MS = 120;
const FOUND_AT_MOST = 6;

export interface Choice {
  id: string;
  label: string;
  hint?: string;
  group: "pages" | "actions" | "codes";
  run: () => void;
}

/** What the person typed and what it could mean. */
export class Palette {
  text = $state("");
  codes = $state.raw<CodeRow[]>([]);
  searching = $state(false);
  at = $state(0);

  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  reset(): void {
    this.type("");
  }

  type(text: string): void {
    this.text = text;
    this.at = 0;
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    // One letter matches too much to be worth asking.
    if (text.trim().length < 2) {
      this.codes = [];
      this.searching = false;
      return;
    }
    this.searching = true;
    this.#timer = setTimeout(() => void this.#search(text.trim(), turn), PAUSE_MS);
  }

  async #search(search: string, turn: number): Promise<void> {
    try {
      const page = await call("codes_page", {
        filter: { search, states: [] },
        page: { limit: FOUND_AT_MOST },
      });
      if (turn === this.#turn) this.codes = page.rows;
    } catch {
      // Pages and actions are still there; the Codes page tells what is wrong with the codes.
      if (turn === this.#turn) this.codes = [];
    } finally {
      if (turn === this.#turn) this.searching = false;
    }
  }
}

/** Every word typed must begin a word of the label. */
export function matches(label: string, text: string): boolean {
  const words = label.toLocaleLowerCase().split(/[\s:(),]+/);
  const typed = text.toLocaleLowerCase().trim().split(/\s+/).filter(Boolean);
  return typed.every((part) => words.some((word) => word.startsWith(part)));
}
