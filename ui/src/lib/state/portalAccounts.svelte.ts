import { call } from "$lib/api/backend";
import type { PageRequest } from "$lib/api/bindings/PageRequest";
import type { PortalAccountCounts } from "$lib/api/bindings/PortalAccountCounts";
import type { PortalAccountsPage } from "$lib/api/bindings/PortalAccountsPage";
import type { PortalAccountView } from "$lib/api/bindings/PortalAccountView";
import type { ProvisioningState } from "$lib/api/bindings/ProvisioningState";
import { type CallError, toCallError } from "$lib/api/error";

/** As many as one call takes. */
const MOST_AT_ONCE = 500;

export type AccountFilter = ProvisioningState | "all";

/** What is shown first: what needs a person, when there is any. */
export function firstFilter(counts: PortalAccountCounts): AccountFilter {
  return counts.attention > 0 ? "attention" : "all";
}

export function countOf(counts: PortalAccountCounts, filter: AccountFilter): number {
  return filter === "all" ? counts.attention + counts.waiting + counts.agreed : counts[filter];
}

/** The accounts on one portal, as they are filtered and acted upon. */
export class PortalAccounts {
  error = $state.raw<CallError>();
  /** Rows of the list as it was read; undefined while the first page is on its way. */
  loaded = $state<number>();
  /** Chosen ones are being tried again. */
  trying = $state(false);
  /** Why they were not: the list stays as it is. */
  failed = $state.raw<CallError>();
  #readings = $state(0);
  /** The counts when the list was read. */
  #counted: PortalAccountCounts | undefined = $state.raw();

  constructor(readonly portalId: string) {}

  /** Changes when the list must be read from its first row: keys of pages hold only within one reading. */
  query(filter: AccountFilter): string {
    return `${filter}:${this.#readings}`;
  }

  async read(filter: AccountFilter, page: PageRequest): Promise<PortalAccountsPage> {
    return call("portal_accounts", {
      portal_id: this.portalId,
      ...(filter === "all" ? {} : { state: filter }),
      page,
    });
  }

  /** Reads the list anew; `counts` are those of now. */
  again(counts: PortalAccountCounts | undefined): void {
    this.error = this.failed = undefined;
    this.loaded = undefined;
    this.#counted = counts;
    this.#readings += 1;
  }

  counted(counts: PortalAccountCounts): void {
    this.#counted = counts;
  }

  /** Whether the counts moved since the list was read: rows that are shown may be out of date. */
  outdated(counts: PortalAccountCounts, filter: AccountFilter): boolean {
    const before = this.#counted;
    if (before === undefined) return false;
    const shown: ProvisioningState[] = filter === "all" ? ["attention", "waiting", "agreed"] : [filter];
    return shown.some((state) => before[state] !== counts[state]);
  }

  /** Tries these again, or all that need a person. Says how many. */
  async retry(accounts?: PortalAccountView[]): Promise<number> {
    const portal_id = this.portalId;
    if (!accounts) return (await call("retry_portal_accounts", { portal_id, which: "all" })).accounts;
    let retried = 0;
    for (let at = 0; at < accounts.length; at += MOST_AT_ONCE) {
      const these = accounts.slice(at, at + MOST_AT_ONCE).map((account) => account.account_id);
      retried += (await call("retry_portal_accounts", { portal_id, which: { these } })).accounts;
    }
    return retried;
  }

  /** Tries the chosen ones again, once however often it is pressed. Says how many; nothing where that failed. */
  async retryChosen(accounts: PortalAccountView[]): Promise<number | undefined> {
    if (this.trying) return undefined;
    this.trying = true;
    this.failed = undefined;
    try {
      return await this.retry(accounts);
    } catch (thrown) {
      this.failed = toCallError(thrown);
      return undefined;
    } finally {
      this.trying = false;
    }
  }

  async adopt(account: PortalAccountView): Promise<PortalAccountView> {
    return call("adopt_portal_account", { portal_id: this.portalId, account_id: account.account_id });
  }
}
