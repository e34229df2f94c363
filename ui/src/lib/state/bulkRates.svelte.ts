import { SvelteSet } from "svelte/reactivity";

import { call } from "$lib/api/backend";
import type { RatesSet } from "$lib/api/bindings/RatesSet";
import type { ResellerView } from "$lib/api/bindings/ResellerView";
import type { SetResellerRates } from "$lib/api/bindings/SetResellerRates";
import { mintId } from "$lib/api/ids";

import { RateChoice } from "./rateChoice.svelte";

/** Of one call. */
export const MOST_RESELLERS = 1_000;
export const LONGEST_NOTE = 500;

/** One rate for many resellers: chosen, looked at as a dry run, then set. */
export class BulkRates {
  chosen = new SvelteSet<string>();
  search = $state("");
  choice = new RateChoice();
  fromDay = $state("");
  note = $state("");
  /** What Central says would be done with exactly this request. */
  preview = $state.raw<RatesSet>();
  #asked: SetResellerRates | undefined;

  constructor(readonly all: ResellerView[]) {}

  get found(): ResellerView[] {
    const search = this.search.trim().toLocaleLowerCase();
    return this.all.filter(({ company }) => company.toLocaleLowerCase().includes(search));
  }

  /** Those who earn of their own sales. */
  get byShare(): ResellerView[] {
    return this.all.filter(({ settlement_mode }) => settlement_mode === "share");
  }

  toggle(id: string): void {
    if (!this.chosen.delete(id)) this.chosen.add(id);
  }

  choose(some: ResellerView[]): void {
    for (const { reseller_id } of some) this.chosen.add(reseller_id);
  }

  get tooMany(): boolean {
    return this.chosen.size > MOST_RESELLERS;
  }

  get ready(): boolean {
    return (
      this.chosen.size > 0 && !this.tooMany && !this.choice.problem && this.note.trim().length <= LONGEST_NOTE
    );
  }

  /** Asks what would be done, under ids that the setting has then: sent twice it is done once. */
  async look(): Promise<void> {
    const asked: SetResellerRates = {
      resellers: [...this.chosen].map((reseller_id) => ({ reseller_id, rate_id: mintId() })),
      rate: this.choice.value,
      ...(this.fromDay === "" ? {} : { from_day: this.fromDay }),
      note: this.note.trim(),
      dry_run: true,
    };
    this.preview = await call("set_reseller_rates", asked);
    this.#asked = asked;
  }

  /** Sets what was looked at. */
  async set(): Promise<RatesSet | undefined> {
    if (!this.#asked) return undefined;
    return await call("set_reseller_rates", { ...this.#asked, dry_run: false });
  }

  /** Back to the choice, which stays as it is. */
  back(): void {
    this.preview = undefined;
    this.#asked = undefined;
  }

  /** Of those looked at, how many get the rate. */
  get willChange(): number {
    return this.preview?.rows.filter(({ refused }) => refused === undefined).length ?? 0;
  }
}
