import { call } from "$lib/api/backend";
import type { MarketOfferingView } from "$lib/api/bindings/MarketOfferingView";
import type { MarketPage } from "$lib/api/bindings/MarketPage";

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

  /** One offering as it is sold by now: it is looked for by its name, where many have the same the first hundred are seen. */
  async again(offering: MarketOfferingView): Promise<MarketOfferingView | undefined> {
    const { rows } = await call("market_page", {
      search: offering.name,
      own: true,
      provider_id: offering.provider_id,
      page: { limit: 100 },
    });
    return rows.find((row) => row.offering_id === offering.offering_id);
  }
}
