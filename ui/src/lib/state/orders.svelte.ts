import { call } from "$lib/api/backend";
import type { OrderCountView } from "$lib/api/bindings/OrderCountView";
import type { OrderDetailView } from "$lib/api/bindings/OrderDetailView";
import type { OrderRights } from "$lib/api/bindings/OrderRights";
import type { OrdersPage } from "$lib/api/bindings/OrdersPage";
import type { OrderState } from "$lib/api/bindings/OrderState";

import { Resource } from "./resource.svelte";

/** Central looks for no fewer symbols of a contract id, and refuses to. */
const LEAST_SYMBOLS = 3;

interface Place {
  after?: string;
  limit: number;
}

/** What the list is asked for, and what stands beside its rows. */
export class OrderList {
  state = $state<OrderState>();
  search = $state("");
  /** Whose, where staff look. */
  reseller = $state<string>();
  counts = $state.raw<OrderCountView[]>([]);
  rights = $state.raw<OrderRights>({ handle: false, refund: false, import: false });

  constructor(private readonly staff: boolean) {}

  /** What is looked for: where Central is asked, all orders stand there until enough is typed. */
  get #sought(): string {
    const symbols = this.search.toUpperCase().replace(/^CF-/, "");
    const enough = !this.staff || this.search.includes("@") || symbols.length >= LEAST_SYMBOLS;
    return enough ? this.search : "";
  }

  /** Another one is another list. */
  get query(): string {
    return `${this.state ?? "all"}:${this.reseller ?? ""}:${this.#sought}`;
  }

  get filtered(): boolean {
    return this.state !== undefined || this.reseller !== undefined || this.search !== "";
  }

  clear(): void {
    this.state = undefined;
    this.reseller = undefined;
    this.search = "";
  }

  /** Reads what is listed now, also when something else is chosen meanwhile: a file is of one list. */
  reader(): (place: Place) => Promise<OrdersPage> {
    const asked = {
      search: this.#sought,
      ...(this.state === undefined ? {} : { state: this.state }),
      ...(this.reseller === undefined ? {} : { reseller_id: this.reseller }),
    };
    return ({ after, limit }) => {
      const request = { ...asked, page: after === undefined ? { limit } : { after, limit } };
      return this.staff ? call("staff_order_page", request) : call("order_page", request);
    };
  }

  async read(place: Place): Promise<OrdersPage> {
    const { query } = this;
    const page = await this.reader()(place);
    this.rights = page.rights;
    // What an earlier search still answers is not of this one.
    if (query === this.query) this.counts = page.counts;
    return page;
  }
}

/** One order, whole. */
export class OrderFile {
  whole: Resource<OrderDetailView>;

  constructor(
    readonly contractId: string,
    staff: boolean,
  ) {
    const ref = { contract_id: contractId };
    this.whole = new Resource(() => (staff ? call("staff_order", ref) : call("order", ref)));
  }

  load(): Promise<void> {
    return this.whole.load();
  }

  /** What a step answered. */
  put(detail: OrderDetailView): void {
    this.whole.set(detail);
  }
}
