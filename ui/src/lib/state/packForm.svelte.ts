import type { CreditPackView } from "$lib/api/bindings/CreditPackView";
import type { SaveCreditPack } from "$lib/api/bindings/SaveCreditPack";
import { mintId } from "$lib/api/ids";
import { CREDITS, decimalText, minorDigits, parseAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

import { Once } from "./once.svelte";

/** Terms that packs are meant for. */
export const PACK_TERMS = [30, 90, 365];

/** A credit pack as it is being written. */
export class PackForm {
  packId: string;
  version: number | undefined;
  name = $state("");
  credits = $state("");
  price = $state("");
  term = $state("");
  /** While nobody knows whether it is there, it is sent again as it is. */
  readonly once = new Once();
  #status: CreditPackView["status"];

  constructor(
    pack: CreditPackView | undefined,
    readonly currency: string,
  ) {
    // A new pack keeps its id over every try, so that a repeat cannot make a second one.
    this.packId = pack?.pack_id ?? mintId();
    this.version = pack?.version;
    this.#status = pack?.status ?? "active";
    if (!pack) return;
    this.name = pack.name;
    this.credits = String(pack.credits);
    this.price = decimalText(pack.price.value, minorDigits(currency));
    this.term = pack.term_days === undefined ? "" : String(pack.term_days);
  }

  get isNew(): boolean {
    return this.version === undefined;
  }

  get problems() {
    const name = this.name.trim();
    return {
      name: name === "" || [...name].length > 60 ? m.pack_name_needed() : undefined,
      credits: parseAmount(this.credits, CREDITS) ? undefined : m.pack_credits_needed(),
      price: parseAmount(this.price, this.currency) === null ? m.pack_price_needed() : undefined,
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  request(): SaveCreditPack {
    return {
      pack_id: this.packId,
      ...(this.version === undefined ? {} : { version: this.version }),
      name: this.name.trim(),
      credits: parseAmount(this.credits, CREDITS) ?? 0,
      price: { value: parseAmount(this.price, this.currency) ?? 0, unit: this.currency },
      ...(this.term === "" ? {} : { term_days: Number(this.term) }),
      status: this.#status,
    };
  }
}
