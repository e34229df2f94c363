import { call } from "$lib/api/backend";
import type { ShownBrand } from "$lib/api/bindings/ShownBrand";

import { onChanged } from "./changes";
import { Resource } from "./resource.svelte";

/** The brand in force on this computer: read from its own records, so without a network as well. */
export class ShownBrandState {
  #brand = new Resource<ShownBrand>(() => call("shown_brand"));

  get name(): string | undefined {
    return this.#brand.data?.name;
  }

  get accent(): string | undefined {
    return this.#brand.data?.accent;
  }

  /** The picture as a `data:` address. */
  get logo(): string | undefined {
    const png = this.#brand.data?.logo;
    return png && `data:image/png;base64,${png}`;
  }

  start(): () => void {
    return onChanged(["brand", "session"], () => void this.load());
  }

  async load(): Promise<void> {
    await this.#brand.load();
  }
}

export const shownBrand = new ShownBrandState();
