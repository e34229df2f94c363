import type { Commands } from "../commands";
import type { MockAccounts } from "./accounts";

/** The commands of the Accounts page. */
export function accountHandlers(accounts: () => MockAccounts, company: (resellerId: string) => string) {
  return {
    accounts_page: (request: Commands["accounts_page"]["args"]) => accounts().page(request),
    account: ({ account_id }: Commands["account"]["args"]) => accounts().one(account_id),
    account_access: ({ account_id }: Commands["account_access"]["args"]) => accounts().access(account_id),
    accounts_seen: ({ account_ids }: Commands["accounts_seen"]["args"]) => accounts().seen(account_ids),
    account_portals: ({ account_id }: Commands["account_portals"]["args"]) => accounts().portals(account_id),
    account_rights: () => accounts().rights(),
    account_history: ({ account_id }: Commands["account_history"]["args"]) => accounts().history(account_id),
    create_account: (request: Commands["create_account"]["args"]) => accounts().create(request),
    save_account: (request: Commands["save_account"]["args"]) => accounts().save(request),
    extend_account: (request: Commands["extend_account"]["args"]) => accounts().extend(request),
    change_account_plan: (request: Commands["change_account_plan"]["args"]) => accounts().changePlan(request),
    suspend_account: ({ account_id, reason }: Commands["suspend_account"]["args"]) =>
      accounts().stand(account_id, "suspended", "account.suspend", reason),
    activate_account: ({ account_id }: Commands["activate_account"]["args"]) =>
      accounts().stand(account_id, "active", "account.activate"),
    archive_account: ({ account_id, reason }: Commands["archive_account"]["args"]) =>
      accounts().stand(account_id, "archived", "account.archive", reason),
    transfer_account: ({ account_id, reseller_id, reason }: Commands["transfer_account"]["args"]) =>
      accounts().transfer(account_id, reseller_id, company(reseller_id), reason),
    reset_account_token: ({ account_id }: Commands["reset_account_token"]["args"]) =>
      accounts().reset(account_id),
  };
}
