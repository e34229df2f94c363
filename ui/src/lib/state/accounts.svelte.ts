import { call } from "$lib/api/backend";
import type { AccountsPage } from "$lib/api/bindings/AccountsPage";
import type { AccountsShow } from "$lib/api/bindings/AccountsShow";
import type { AccountsSort } from "$lib/api/bindings/AccountsSort";
import type { PageRequest } from "$lib/api/bindings/PageRequest";
import type { CallError } from "$lib/api/error";

import { sortAmong } from "./sorts";

const PAUSE_MS = 120;

const BY_NAME: AccountsSort = { by: "username", descending: false };
/** What ends is sorted by its end, as the client does by itself. */
const OWN_ORDER: Partial<Record<AccountsShow, AccountsSort>> = {
  ending_soon: { by: "last_day", descending: false },
  expired: { by: "last_day", descending: true },
};

/** Undefined where the address says nothing that can be sorted by. */
export function sortOf(text: string | null): AccountsSort | undefined {
  return sortAmong(text, ["username", "last_day", "created"]);
}

/** Search, kind and reseller of the Accounts page. */
export class AccountsList {
  search = $state("");
  /** The search the list shows: the typed one after a short pause. */
  settled = $state("");
  show = $state<AccountsShow>("in_use");
  /** Only this one's. */
  reseller = $state.raw<{ id: string; company: string }>();
  /** As somebody chose it; undefined: each kind in its own order. */
  chosenSort = $state.raw<AccountsSort>();
  error = $state.raw<CallError>();
  /** Rows that are known to be there; undefined while the first page is on its way. */
  loaded = $state<number>();
  revision = $state(0);

  get filtered(): boolean {
    return this.settled.trim() !== "" || this.show !== "in_use" || this.reseller !== undefined;
  }

  get query(): string {
    return JSON.stringify([this.settled.trim(), this.show, this.reseller?.id, this.sort]);
  }

  /** How the list is sorted; undefined: what was found is listed by name, and nothing else can be chosen. */
  get sort(): AccountsSort | undefined {
    if (this.settled.trim() !== "") return undefined;
    return this.chosenSort ?? OWN_ORDER[this.show] ?? BY_NAME;
  }

  /** Call in an effect: follows the typing with a pause. */
  settleLater(): () => void {
    const typed = this.search;
    const timer = setTimeout(() => (this.settled = typed), typed === "" ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }

  async read(page: PageRequest): Promise<AccountsPage> {
    const of = this.reseller ? { reseller_id: this.reseller.id } : {};
    const by = this.sort ? { sort: this.sort } : {};
    return call("accounts_page", { search: this.settled.trim(), show: this.show, ...of, ...by, page });
  }

  refresh(): void {
    this.error = undefined;
    this.revision += 1;
  }

  clear(): void {
    this.search = "";
    this.settled = "";
    this.show = "in_use";
    this.reseller = undefined;
  }
}
