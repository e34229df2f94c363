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
  /** Those that somebody is about to give to a reseller. */
  giving = $state.raw<UnassignedAccount[] | "all">();
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

  /** Gives them to a reseller, and says how many got an owner. Others that were chosen meanwhile stay to be given. */
  async give(resellerId: string): Promise<number> {
    const { giving } = this;
    if (!giving) return 0;
    const which = giving === "all" ? "all" : { these: giving.map((one) => one.account_id) };
    const { accounts } = await call("assign_accounts", { reseller_id: resellerId, which });
    if (this.giving === giving) this.giving = undefined;
    return accounts;
  }
}
