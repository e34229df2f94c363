import { call } from "$lib/api/backend";
import type { EarningState } from "$lib/api/bindings/EarningState";
import type { EarningsPage } from "$lib/api/bindings/EarningsPage";
import type { EarningView } from "$lib/api/bindings/EarningView";
import type { PayoutState } from "$lib/api/bindings/PayoutState";
import type { PayoutView } from "$lib/api/bindings/PayoutView";
import type { PayoutsPage } from "$lib/api/bindings/PayoutsPage";

import { Blocks } from "./blocks.svelte";

/** Earnings, the newest first: a shop's own, or those of the reseller that staff look at. */
export class Earnings extends Blocks<EarningView, EarningsPage> {
  state = $state<EarningState>();
  readonly #whose: { reseller_id?: string };

  constructor(reseller?: string) {
    const whose = reseller === undefined ? {} : { reseller_id: reseller };
    super((page) =>
      call("earnings", {
        ...whose,
        ...(this.state === undefined ? {} : { state: this.state }),
        page,
      }),
    );
    this.#whose = whose;
  }

  /**
   * Something was earned or paid, perhaps by nobody who is shown here: reads anew if the balances are other ones by now, and
   * leaves the list alone if not.
   */
  async glance(): Promise<boolean> {
    if (this.loading || !this.last) return false;
    const now = await call("earnings", { ...this.#whose, page: { limit: 1 } }).catch(() => undefined);
    if (!now || JSON.stringify(now.balances) === JSON.stringify(this.last.balances)) return false;
    await this.restart();
    return true;
  }

  async show(state: EarningState | undefined): Promise<void> {
    this.state = state;
    await this.restart(true);
  }
}

/** Payouts, the newest first. */
export class Payouts extends Blocks<PayoutView, PayoutsPage> {
  state = $state<PayoutState>();

  constructor(state?: PayoutState) {
    super((page) =>
      call("payouts_page", { ...(this.state === undefined ? {} : { state: this.state }), page }),
    );
    this.state = state;
  }

  async show(state: PayoutState | undefined): Promise<void> {
    this.state = state;
    await this.restart(true);
  }

  /** Puts an answer in place; what does not fit the shown state any more goes. */
  put(answered: PayoutView): void {
    const fits = this.state === undefined || this.state === answered.state;
    const rest = this.rows.filter((row) => row.payout_id !== answered.payout_id);
    if (!fits) this.rows = rest;
    else if (rest.length === this.rows.length) this.rows = [answered, ...rest];
    else this.rows = this.rows.map((row) => (row.payout_id === answered.payout_id ? answered : row));
  }
}
