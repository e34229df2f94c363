import { call } from "$lib/api/backend";
import type { MarketOfferingView } from "$lib/api/bindings/MarketOfferingView";
import type { MarketPage } from "$lib/api/bindings/MarketPage";
import type { OrderTerms } from "$lib/api/bindings/OrderTerms";

import { Blocks } from "./blocks.svelte";

/** What is sold of external providers, as customers see it. */
export class Market extends Blocks<MarketOfferingView, MarketPage> {
  search = $state("");
  /** Only what this shop sells itself. */
  own = $state(true);

  constructor() {
    super((page) => call("market_page", { search: this.search.trim(), own: this.own, page }));
  }

  get searched(): boolean {
    return this.search.trim() !== "";
  }

  async show(own: boolean): Promise<void> {
    this.own = own;
    await this.restart(true);
  }

  /** How this shop sells an offering by now: what its price is computed from. */
  terms({ provider_id, offering_id, name }: MarketOfferingView): Promise<OrderTerms> {
    return call("order_terms", { provider_id, offering_id, name });
  }
}
