import { call } from "$lib/api/backend";
import type { AccountsPage } from "$lib/api/bindings/AccountsPage";
import type { AccountsShow } from "$lib/api/bindings/AccountsShow";
import type { PageRequest } from "$lib/api/bindings/PageRequest";
import type { CallError } from "$lib/api/error";

const PAUSE_MS = 120;

/** Search, kind and reseller of the Accounts page. */
export class AccountsList {
  search = $state("");
  /** The search the list shows: the typed one after a short pause. */
  settled = $state("");
  show = $state<AccountsShow>("in_use");
  /** Only this one's. */
  reseller = $state.raw<{ id: string; company: string }>();
  error = $state.raw<CallError>();
  /** Rows that are known to be there; undefined while the first page is on its way. */
  loaded = $state<number>();
  revision = $state(0);

  get filtered(): boolean {
    return this.settled.trim() !== "" || this.show !== "in_use" || this.reseller !== undefined;
  }

  get query(): string {
    return JSON.stringify([this.settled.trim(), this.show, this.reseller?.id]);
  }

  /** Call in an effect: follows the typing with a pause. */
  settleLater(): () => void {
    const typed = this.search;
    const timer = setTimeout(() => (this.settled = typed), typed === "" ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }

  async read(page: PageRequest): Promise<AccountsPage> {
    const of = this.reseller ? { reseller_id: this.reseller.id } : {};
    return call("accounts_page", { search: this.settled.trim(), show: this.show, ...of, page });
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
