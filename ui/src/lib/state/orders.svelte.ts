import { call } from "$lib/api/backend";
import type { OrderCountView } from "$lib/api/bindings/OrderCountView";
import type { OrderDetailView } from "$lib/api/bindings/OrderDetailView";
import type { OrderRights } from "$lib/api/bindings/OrderRights";
import type { OrdersPage } from "$lib/api/bindings/OrdersPage";
import type { OrderState } from "$lib/api/bindings/OrderState";
import { CallError, outcomeUnknown, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";

import { Resource } from "./resource.svelte";

/** What the list is asked for, and what stands beside its rows. */
export class OrderList {
  state = $state<OrderState>();
  search = $state("");
  /** Whose, where staff look. */
  reseller = $state<string>();
  counts = $state.raw<OrderCountView[]>([]);
  rights = $state.raw<OrderRights>({ handle: false, refund: false, import: false });

  constructor(private readonly staff: boolean) {}

  /** Another one is another list. */
  get query(): string {
    return `${this.state ?? "all"}:${this.reseller ?? ""}:${this.search}`;
  }

  get filtered(): boolean {
    return this.state !== undefined || this.reseller !== undefined || this.search !== "";
  }

  clear(): void {
    this.state = undefined;
    this.reseller = undefined;
    this.search = "";
  }

  async read({ after, limit }: { after?: string; limit: number }): Promise<OrdersPage> {
    const request = {
      search: this.search,
      ...(this.state === undefined ? {} : { state: this.state }),
      ...(this.reseller === undefined ? {} : { reseller_id: this.reseller }),
      page: after === undefined ? { limit } : { after, limit },
    };
    const page = await (this.staff ? call("staff_order_page", request) : call("order_page", request));
    this.counts = page.counts;
    this.rights = page.rights;
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

const LOST_ON_THE_WAY = new Set(["server_unreachable", "server_error"]);

/** Whether nobody knows if it was done: then the same is sent again, under the same id. */
export function mayHaveHappened(error: CallError): boolean {
  return outcomeUnknown(error) || LOST_ON_THE_WAY.has(error.code);
}

/** Sends something once, however often it is tried: its id stays until it is known what became of it. */
export class Once {
  /** Sent, and nobody knows what became of it. */
  pending = $state(false);
  #id = mintId();

  async send<T>(how: (id: string) => Promise<T>): Promise<T> {
    try {
      const answer = await how(this.#id);
      this.#settled();
      return answer;
    } catch (thrown) {
      const error = toCallError(thrown);
      if (mayHaveHappened(error)) this.pending = true;
      else this.#settled();
      throw error;
    }
  }

  #settled(): void {
    this.pending = false;
    this.#id = mintId();
  }
}
