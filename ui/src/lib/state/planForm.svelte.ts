import type { PlanKind } from "$lib/api/bindings/PlanKind";
import type { PlanView } from "$lib/api/bindings/PlanView";
import type { SavePlan } from "$lib/api/bindings/SavePlan";
import type { SoldBy } from "$lib/api/bindings/SoldBy";
import { mintId } from "$lib/api/ids";
import { decimalText, minorDigits, parseAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

import { Once } from "./once.svelte";
import { session } from "./session.svelte";

const LONGEST_TERM = 3_660;
const LONGEST_TRIAL = 31;
const MOST_TRIALS = 1_000;
const USUAL_TERM: Partial<Record<PlanKind, string>> = { monthly: "30", quarterly: "90", yearly: "365" };

/** A plan as it is being written. */
export class PlanForm {
  planId: string;
  version: number | undefined;
  name = $state("");
  kind = $state<PlanKind>("monthly");
  price = $state("");
  term = $state("30");
  features = $state("");
  soldBy = $state<SoldBy>("everyone");
  trial = $state(false);
  trials = $state("10");
  /** While nobody knows whether it is there, it is sent again as it is. */
  readonly once = new Once();
  #currency = $state<string>();
  #status: PlanView["status"];

  constructor(plan: PlanView | undefined) {
    // A new plan keeps its id over every try, so that a repeat cannot make a second one.
    this.planId = plan?.plan_id ?? mintId();
    this.version = plan?.version;
    this.#status = plan?.status ?? "active";
    if (!plan) return;
    this.#currency = plan.price.unit;
    this.name = plan.name;
    this.kind = plan.kind;
    this.price = decimalText(plan.price.value, minorDigits(plan.price.unit));
    this.term = String(plan.term_days);
    this.features = plan.features.join("\n");
    this.soldBy = plan.sold_by;
    this.trial = plan.trials_a_month !== undefined;
    if (plan.trials_a_month) this.trials = String(plan.trials_a_month);
  }

  /** The operator's, until another one is typed. */
  get currency(): string {
    return this.#currency ?? session.currency;
  }

  set currency(typed: string) {
    this.#currency = typed;
  }

  pickKind(kind: PlanKind): void {
    this.kind = kind;
    this.term = USUAL_TERM[kind] ?? this.term;
  }

  /** A trial is for nothing, and short. */
  beTrial(trial: boolean): void {
    this.trial = trial;
    if (!trial) return;
    this.price = "0";
    this.kind = "custom";
    if (Number(this.term) > LONGEST_TRIAL) this.term = "7";
  }

  get isNew(): boolean {
    return this.version === undefined;
  }

  get problems() {
    const unit = this.currency.trim().toUpperCase();
    const currency = /^[A-Z]{3}$/.test(unit) ? undefined : m.currency_invalid();
    const whole = (text: string) => (/^\d+$/.test(text.trim()) ? Number(text) : 0);
    const [term, trials] = [whole(this.term), whole(this.trials)];
    const longest = this.trial ? LONGEST_TRIAL : LONGEST_TERM;
    return {
      name: this.name.trim() === "" ? m.name_required() : undefined,
      currency,
      price: this.#priceProblem(currency === undefined ? unit : undefined),
      term: term >= 1 && term <= longest ? undefined : this.trial ? m.trial_term_invalid() : m.term_invalid(),
      trials: !this.trial || (trials >= 1 && trials <= MOST_TRIALS) ? undefined : m.trials_invalid(),
    };
  }

  #priceProblem(unit: string | undefined): string | undefined {
    if (unit === undefined) return undefined;
    const price = parseAmount(this.price, unit);
    if (price === null) return m.price_invalid();
    return this.trial && price !== 0 ? m.trial_price_invalid() : undefined;
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
      trials_a_month: this.trial ? Number(this.trials) : 0,
    };
  }
}
