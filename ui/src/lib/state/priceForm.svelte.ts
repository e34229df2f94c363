import type { PlanPrice } from "$lib/api/bindings/PlanPrice";
import type { SetPrice } from "$lib/api/bindings/SetPrice";
import { decimalText, minorDigits, parseAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

import { Once } from "./once.svelte";

const LONGEST_NOTE = 500;

/** A change of what one reseller's price list says about a plan, as it is being written. */
export class PriceForm {
  sells = $state<"yes" | "no">("yes");
  choice = $state<"plan" | "own">("plan");
  price = $state("");
  fromDay = $state("");
  note = $state("");
  readonly unit: string;
  readonly once = new Once();
  readonly #planId: string;

  constructor(known: PlanPrice) {
    this.#planId = known.plan.plan_id;
    this.unit = known.plan.price.unit;
    this.sells = known.allowed ? "yes" : "no";
    const own = known.entry?.price;
    if (own) this.choice = "own";
    this.price = decimalText((own ?? known.plan.price).value, minorDigits(this.unit));
  }

  get problems() {
    const asks = this.sells === "yes" && this.choice === "own";
    return {
      price: asks && parseAmount(this.price, this.unit) === null ? m.price_invalid() : undefined,
      note: this.note.trim().length > LONGEST_NOTE ? m.a_text_long() : undefined,
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  request(resellerId: string, price_id: string): SetPrice {
    const allowed = this.sells === "yes";
    const own = allowed && this.choice === "own";
    return {
      reseller_id: resellerId,
      plan_id: this.#planId,
      price_id,
      allowed,
      ...(own ? { price: { value: parseAmount(this.price, this.unit) ?? 0, unit: this.unit } } : {}),
      ...(this.fromDay === "" ? {} : { from_day: this.fromDay }),
      note: this.note.trim(),
    };
  }
}
