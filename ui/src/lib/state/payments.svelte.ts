import { call } from "$lib/api/backend";
import type { CollectedBy } from "$lib/api/bindings/CollectedBy";
import type { PaidFor } from "$lib/api/bindings/PaidFor";
import type { PaymentMethod } from "$lib/api/bindings/PaymentMethod";
import type { PaymentsPage } from "$lib/api/bindings/PaymentsPage";
import type { PaymentsRequest } from "$lib/api/bindings/PaymentsRequest";
import type { PaymentState } from "$lib/api/bindings/PaymentState";
import type { PaymentView } from "$lib/api/bindings/PaymentView";
import type { RecordPayment } from "$lib/api/bindings/RecordPayment";
import { parseAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

import { Blocks } from "./blocks.svelte";
import { Once } from "./once.svelte";

/** Payments, the latest day first: of one account, or of all that whoever is signed in may see. */
export class Payments extends Blocks<PaymentView, PaymentsPage> {
  state = $state<PaymentState>();
  /** Days such as "2026-12-01"; empty is all. */
  from = $state("");
  until = $state("");
  /** Whose, where staff look. */
  reseller = $state<string>();
  /** What the first block was asked for: the next one is of the same list, whatever is typed meanwhile. */
  #asked: Omit<PaymentsRequest, "page"> = {};

  constructor(account?: string) {
    super((page) => {
      if (page.after === undefined) {
        this.#asked = {
          ...(account === undefined ? {} : { account_id: account }),
          ...(this.reseller === undefined ? {} : { reseller_id: this.reseller }),
          ...(this.state === undefined ? {} : { state: this.state }),
          ...(this.from === "" ? {} : { start_date: this.from }),
          ...(this.until === "" ? {} : { end_date: this.until }),
        };
      }
      return call("payments_page", { ...this.#asked, page });
    });
  }

  get filtered(): boolean {
    return this.reseller !== undefined || this.state !== undefined || this.from !== "" || this.until !== "";
  }

  async show(state: PaymentState | undefined): Promise<void> {
    this.state = state;
    await this.restart(true);
  }

  /** Puts an answer in place; what does not fit the shown state any more goes. */
  put(answered: PaymentView): void {
    const fits = this.state === undefined || this.state === answered.state;
    this.rows = this.rows.flatMap((row) =>
      row.payment_id !== answered.payment_id ? [row] : fits ? [answered] : [],
    );
  }
}

/** A payment as it is being written. Its id stays while nobody knows what became of it: a repeat books nothing. */
export class PaymentForm {
  amount = $state("");
  method = $state<PaymentMethod>("cash");
  /** It decides whether the payment earns, so nothing is chosen beforehand. */
  paidFor = $state<PaidFor>();
  collectedBy = $state<CollectedBy>("reseller");
  completed = $state(true);
  paidOn = $state("");
  reference = $state("");
  note = $state("");
  readonly once = new Once();

  constructor(
    readonly accountId: string,
    readonly currency: string,
    private today: string,
  ) {
    this.paidOn = today;
  }

  /** It is opened again, perhaps on another day: one that nobody chose is that of today. */
  reopen(today: string): void {
    if (!this.once.pending && this.paidOn === this.today) this.paidOn = today;
    this.today = today;
  }

  /** Minor units; none where it is no amount. */
  get value(): number | undefined {
    return parseAmount(this.amount, this.currency) || undefined;
  }

  get problems() {
    const future = this.completed && this.paidOn > this.today;
    return {
      amount: this.value === undefined ? m.pay_amount_invalid() : undefined,
      paidFor: this.paidFor === undefined ? m.pay_for_needed() : undefined,
      paidOn: this.paidOn === "" ? m.pay_day_invalid() : future ? m.pay_day_future() : undefined,
    };
  }

  /** What is to be sent under its id; nothing while something is wrong. */
  request(): Omit<RecordPayment, "payment_id"> | undefined {
    const { value, paidFor } = this;
    const wrong = Object.values(this.problems).some((problem) => problem !== undefined);
    if (wrong || value === undefined || paidFor === undefined) return undefined;
    return {
      account_id: this.accountId,
      amount: { value, unit: this.currency },
      method: this.method,
      paid_for: paidFor,
      collected_by: paidFor === "sale" ? "reseller" : this.collectedBy,
      completed: this.completed,
      paid_on: this.paidOn,
      reference: this.reference.trim(),
      note: this.note.trim(),
    };
  }
}
