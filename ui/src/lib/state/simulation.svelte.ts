import { call } from "$lib/api/backend";
import type { AmountView } from "$lib/api/bindings/AmountView";
import type { SimulateCommission } from "$lib/api/bindings/SimulateCommission";
import type { SimulatedReseller } from "$lib/api/bindings/SimulatedReseller";
import { type CallError, toCallError } from "$lib/api/error";

/** What one reseller earned and would have earned, all parts together. */
export interface Replayed {
  reseller_id: string;
  company: string;
  sales: number;
  same: number;
  own_then: number;
  own_now: number;
  overrides_then: number;
  overrides_now: number;
}

export const thenOf = (row: Replayed) => row.own_then + row.overrides_then;
export const nowOf = (row: Replayed) => row.own_now + row.overrides_now;

const SUMS = ["own_then", "own_now", "overrides_then", "overrides_now"] as const;

function added(sum: Replayed | undefined, one: SimulatedReseller): Replayed {
  const { reseller_id, company } = one;
  const nothing = { sales: 0, same: 0, own_then: 0, own_now: 0, overrides_then: 0, overrides_now: 0 };
  const both: Replayed = { ...nothing, ...sum, reseller_id, company };
  both.sales += one.sales;
  both.same += one.same;
  for (const name of SUMS) both[name] += one[name].value;
  return both;
}

/** A replay: asked part by part and added up, until it is done or somebody stops it. */
export class Simulation {
  phase = $state<"idle" | "running" | "stopped" | "failed" | "done">("idle");
  /** What was asked: the form may say something else by now. */
  asked = $state.raw<SimulateCommission>();
  error = $state.raw<CallError>();
  currency = $state("");
  /** Sales of the period, and those that were replayed. */
  total = $state(0);
  sales = $state(0);
  same = $state(0);
  #sums = $state.raw(new Map<string, Replayed>());
  // Answers to a replay that was stopped or begun again are not for this one.
  #run = 0;

  async run(asked: SimulateCommission): Promise<void> {
    this.#run += 1;
    const run = this.#run;
    this.asked = asked;
    this.error = undefined;
    this.phase = "running";
    [this.total, this.sales, this.same] = [0, 0, 0];
    this.#sums = new Map();
    let after: string | undefined;
    try {
      do {
        const part = await call("simulate_commission", {
          ...asked,
          ...(after === undefined ? {} : { after }),
        });
        if (run !== this.#run) return;
        this.currency = part.currency;
        this.total = Math.max(part.total ?? this.total, this.sales + part.sales);
        this.sales += part.sales;
        this.same += part.same;
        const sums = new Map(this.#sums);
        for (const one of part.resellers) sums.set(one.reseller_id, added(sums.get(one.reseller_id), one));
        this.#sums = sums;
        after = part.next;
      } while (after !== undefined);
      this.phase = "done";
    } catch (thrown) {
      if (run !== this.#run) return;
      this.error = toCallError(thrown);
      this.phase = "failed";
    }
  }

  /** Nothing was written, so there is nothing to take back. */
  stop(): void {
    if (this.phase !== "running") return;
    this.#run += 1;
    this.phase = "stopped";
  }

  /** Those with the greatest difference first. */
  get rows(): Replayed[] {
    const difference = (row: Replayed) => Math.abs(nowOf(row) - thenOf(row));
    return [...this.#sums.values()].sort(
      (one, other) => difference(other) - difference(one) || one.company.localeCompare(other.company),
    );
  }

  get before(): AmountView {
    return this.#amount(thenOf);
  }

  get after(): AmountView {
    return this.#amount(nowOf);
  }

  #amount(of: (row: Replayed) => number): AmountView {
    const value = [...this.#sums.values()].reduce((all, row) => all + of(row), 0);
    return { value, unit: this.currency };
  }
}
