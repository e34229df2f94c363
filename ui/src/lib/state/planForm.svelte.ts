import type { PlanKind } from "$lib/api/bindings/PlanKind";
import type { PlanView } from "$lib/api/bindings/PlanView";
import type { SavePlan } from "$lib/api/bindings/SavePlan";
import type { SoldBy } from "$lib/api/bindings/SoldBy";
import { mintId } from "$lib/api/ids";
import { decimalText, minorDigits, parseAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

const LONGEST_TERM = 3_660;
const USUAL_TERM: Partial<Record<PlanKind, string>> = { monthly: "30", quarterly: "90", yearly: "365" };

/** A plan as it is being written. */
export class PlanForm {
  planId: string;
  version: number | undefined;
  name = $state("");
  kind = $state<PlanKind>("monthly");
  price = $state("");
  currency = $state("EUR");
  term = $state("30");
  features = $state("");
  soldBy = $state<SoldBy>("everyone");
  #status: PlanView["status"];

  constructor(plan: PlanView | undefined, currency = "EUR") {
    // A new plan keeps its id over every try, so that a repeat cannot make a second one.
    this.planId = plan?.plan_id ?? mintId();
    this.version = plan?.version;
    this.#status = plan?.status ?? "active";
    this.currency = plan?.price.unit ?? currency;
    if (!plan) return;
    this.name = plan.name;
    this.kind = plan.kind;
    this.price = decimalText(plan.price.value, minorDigits(plan.price.unit));
    this.term = String(plan.term_days);
    this.features = plan.features.join("\n");
    this.soldBy = plan.sold_by;
  }

  pickKind(kind: PlanKind): void {
    this.kind = kind;
    this.term = USUAL_TERM[kind] ?? this.term;
  }

  get problems() {
    const unit = this.currency.trim().toUpperCase();
    const currency = /^[A-Z]{3}$/.test(unit) ? undefined : m.currency_invalid();
    const term = /^\d+$/.test(this.term.trim()) ? Number(this.term) : 0;
    return {
      name: this.name.trim() === "" ? m.name_required() : undefined,
      currency,
      price: !currency && parseAmount(this.price, unit) === null ? m.price_invalid() : undefined,
      term: term >= 1 && term <= LONGEST_TERM ? undefined : m.term_invalid(),
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  request(): SavePlan {
    const unit = this.currency.trim().toUpperCase();
    return {
      plan_id: this.planId,
      ...(this.version === undefined ? {} : { version: this.version }),
      name: this.name.trim(),
      kind: this.kind,
      price: { value: parseAmount(this.price, unit) ?? 0, unit },
      term_days: Number(this.term),
      features: this.features
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean),
      status: this.#status,
      sold_by: this.soldBy,
    };
  }
}
