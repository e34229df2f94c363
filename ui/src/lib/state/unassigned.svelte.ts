import { call } from "$lib/api/backend";
import type { PageRequest } from "$lib/api/bindings/PageRequest";
import type { UnassignedAccount } from "$lib/api/bindings/UnassignedAccount";
import type { UnassignedPage } from "$lib/api/bindings/UnassignedPage";
import type { CallError } from "$lib/api/error";

/** As many as one call takes by their ids. */
export const MOST_CHOSEN = 500;

/** Customers' accounts that no reseller owns. */
export class Unassigned {
  error = $state.raw<CallError>();
  /** Rows that are known to be there; undefined while the first page is on its way. */
  loaded = $state<number>();
  #readings = $state(0);

  query(search: string): string {
    return `${this.#readings}:${search}`;
  }

  async read(search: string, page: PageRequest): Promise<UnassignedPage> {
    return call("unassigned_page", { search, page });
  }

  again(): void {
    this.error = undefined;
    this.loaded = undefined;
    this.#readings += 1;
  }

  /** Gives these to a reseller, or all there are. Says how many got an owner. */
  async assign(resellerId: string, accounts: UnassignedAccount[] | "all"): Promise<number> {
    const which = accounts === "all" ? "all" : { these: accounts.map((one) => one.account_id) };
    return (await call("assign_accounts", { reseller_id: resellerId, which })).accounts;
  }
}
