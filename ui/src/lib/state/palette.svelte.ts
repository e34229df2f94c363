import { call } from "$lib/api/backend";
import type { AccountView } from "$lib/api/bindings/AccountView";
import type { CodeRow } from "$lib/api/bindings/CodeRow";
import type { OrderView } from "$lib/api/bindings/OrderView";

import { session } from "./session.svelte";

const PAUSE_MS = 120;
const FOUND_AT_MOST = 6;

export interface Choice {
  id: string;
  label: string;
  hint?: string;
  group: "pages" | "actions" | "accounts" | "codes" | "orders";
  run: () => void;
}

/** What the person typed and what it could mean. */
export class Palette {
  text = $state("");
  accounts = $state.raw<AccountView[]>([]);
  codes = $state.raw<CodeRow[]>([]);
  orders = $state.raw<OrderView[]>([]);
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
      this.#show([], [], []);
      this.searching = false;
      return;
    }
    this.searching = true;
    this.#timer = setTimeout(() => void this.#search(text.trim(), turn), PAUSE_MS);
  }

  #show(accounts: AccountView[], codes: CodeRow[], orders: OrderView[]): void {
    this.accounts = accounts;
    this.codes = codes;
    this.orders = orders;
  }

  async #search(search: string, turn: number): Promise<void> {
    const page = { limit: FOUND_AT_MOST };
    try {
      const [accounts, codes, orders] = await Promise.all([
        // A shop that may not see accounts still finds its codes.
        call("accounts_page", { search, show: "in_use", page }).catch(() => ({ rows: [] })),
        call("codes_page", { filter: { search, states: [] }, page }),
        findOrders(search).catch(() => []),
      ]);
      if (turn === this.#turn) this.#show(accounts.rows, codes.rows, orders);
    } catch {
      // Pages and actions are still there; the pages of accounts and codes tell what is wrong with them.
      if (turn === this.#turn) this.#show([], [], []);
    } finally {
      if (turn === this.#turn) this.searching = false;
    }
  }
}

/** An order is found by its contract id from the beginning, or by the customer's whole address: nothing else is asked. */
async function findOrders(search: string): Promise<OrderView[]> {
  if (!/^cf-|@/i.test(search)) return [];
  const request = { search, page: { limit: FOUND_AT_MOST } };
  const page = await (session.isAdmin ? call("staff_order_page", request) : call("order_page", request));
  return page.rows;
}

/** Every word typed must begin a word of the label. */
export function matches(label: string, text: string): boolean {
  const words = label.toLocaleLowerCase().split(/[\s:(),]+/);
  const typed = text.toLocaleLowerCase().trim().split(/\s+/).filter(Boolean);
  return typed.every((part) => words.some((word) => word.startsWith(part)));
}
