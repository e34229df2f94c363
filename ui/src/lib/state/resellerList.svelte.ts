import { call } from "$lib/api/backend";
import type { PageRequest } from "$lib/api/bindings/PageRequest";
import type { ResellersPage } from "$lib/api/bindings/ResellersPage";
import type { ResellerView } from "$lib/api/bindings/ResellerView";

import { GridRows } from "./gridRows.svelte";
import { ListSearch } from "./listSearch.svelte";

/** The resellers that whoever is signed in may see, and the one that is open. */
export class ResellerList extends GridRows {
  readonly search: ListSearch;
  open = $state.raw<ResellerView>();

  constructor(typed = "") {
    super();
    this.search = new ListSearch(typed);
  }

  read(page: PageRequest): Promise<ResellersPage> {
    return call("resellers_page", { search: this.search.settled, page });
  }

  /** Shows what was saved. */
  put(reseller: ResellerView): void {
    if (!this.open || this.open.reseller_id === reseller.reseller_id) this.open = reseller;
    this.refresh();
  }

  /** Reads the open one again after somebody else changed it. */
  async reload(): Promise<void> {
    const { open } = this;
    if (!open) return;
    const page = await call("resellers_page", { search: open.username, page: { limit: 20 } });
    this.open = page.rows.find((row) => row.reseller_id === this.open?.reseller_id) ?? this.open;
    this.refresh();
  }
}
