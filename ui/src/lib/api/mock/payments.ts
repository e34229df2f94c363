import type { AccountView } from "../bindings/AccountView";
import type { PaymentMethod } from "../bindings/PaymentMethod";
import type { PaymentsPage } from "../bindings/PaymentsPage";
import type { PaymentsRequest } from "../bindings/PaymentsRequest";
import type { PaymentState } from "../bindings/PaymentState";
import type { PaymentView } from "../bindings/PaymentView";
import type { RecordPayment } from "../bindings/RecordPayment";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { DAY, inventId, LONG_NAME, NOW } from "./invent";
import type { Switches } from "./switches";

const METHODS: PaymentMethod[] = ["cash", "transfer", "card", "other"];
const STATES: PaymentState[] = ["completed", "pending", "completed", "refunded", "completed", "failed"];
const SHOPS = ["Navid Telecom", "Sepehr Media", "Blue Minaret Net"];
const MOST = 100_000_00;

const euros = (value: number) => ({ value, unit: "EUR" });
const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);

/** Customers' payments: of all accounts to begin with, and whatever a person records. `?money` sells by share. */
class MockPayments {
  #rows: PaymentView[];
  #admin: boolean;

  constructor(
    private switches: Switches,
    private account: (id: string) => AccountView,
  ) {
    this.#admin = switches.role === "admin";
    const count = switches.show === "empty" ? 0 : 70;
    this.#rows = Array.from({ length: count }, (_, index) => this.#invent(index));
  }

  #invent(index: number): PaymentView {
    const state = STATES[index % STATES.length]!;
    const at = NOW - index * DAY;
    const paid_for = index % 4 === 2 ? "sale" : "service";
    const operator = this.#admin && index % 5 === 0;
    const came = state === "completed" || state === "refunded";
    const earns = came && paid_for === "service" && (this.#admin || this.switches.money);
    const amount = euros([999, 2_499, 8_999][index % 3]!);
    const long = this.switches.long && index === 1;
    return {
      payment_id: inventId(95, index),
      account_id: inventId(80, index + 1),
      username: long ? "a".repeat(50) : `amber-otter-${String(index + 1).padStart(6, "0")}`,
      company: this.#admin ? (long ? LONG_NAME : SHOPS[index % SHOPS.length]!) : SHOPS[0]!,
      amount,
      method: METHODS[index % METHODS.length]!,
      paid_for,
      collected_by: operator && paid_for === "service" ? "operator" : "reseller",
      state,
      paid_on: isoDay(at),
      reference: index % 3 === 0 ? `R-${1_000 + index}` : "",
      note: long ? LONG_NAME : "",
      earns,
      charged: earns && !operator ? amount : euros(0),
      recorded_at: at,
      recorded_by: this.#admin ? "m.azadi" : "leila",
      ...(came ? { completed_at: at } : {}),
      ...(state === "refunded" || state === "failed"
        ? { ended_at: at + DAY, changed_by: "m.azadi", reason: "The customer paid twice." }
        : {}),
    };
  }

  page({ account_id, reseller_id, state, start_date, end_date, page }: PaymentsRequest): PaymentsPage {
    if (start_date && end_date && end_date < start_date)
      throw new CallError({
        code: "validation_failed",
        detail: "end_date",
        fields: [{ field: "end_date", message: "not before the first day" }],
      });
    const rows = this.#rows
      .filter((row) => account_id === undefined || row.account_id === account_id)
      .filter((row) => reseller_id === undefined || row.company === SHOPS[0])
      .filter((row) => state === undefined || row.state === state)
      .filter((row) => row.paid_on >= (start_date ?? "") && row.paid_on <= (end_date ?? "9999-12-31"))
      .sort((one, other) => other.paid_on.localeCompare(one.paid_on));
    const start = page.after ? Number(page.after) : 0;
    const end = start + page.limit;
    return {
      rows: rows.slice(start, end),
      ...(end < rows.length ? { next: String(end) } : {}),
    };
  }

  record(asked: RecordPayment): PaymentView {
    const known = this.#rows.find((row) => row.payment_id === asked.payment_id);
    if (known) return known;
    const account = this.account(asked.account_id);
    const share = this.#admin || this.switches.money;
    if (asked.amount.value > MOST && asked.completed && share)
      throw new CallError({
        code: "insufficient_credit",
        detail: "wallet",
        needed: asked.amount,
        available: euros(MOST),
      });
    const { completed, ...facts } = asked;
    const earns = completed && asked.paid_for === "service" && share;
    const payment: PaymentView = {
      ...facts,
      username: account.username,
      company: account.reseller_company ?? SHOPS[0]!,
      state: completed ? "completed" : "pending",
      earns,
      charged: earns && asked.collected_by === "reseller" ? asked.amount : euros(0),
      recorded_at: Date.now(),
      recorded_by: this.#admin ? "m.azadi" : "leila",
      ...(completed ? { completed_at: Date.now() } : {}),
    };
    this.#rows = [payment, ...this.#rows];
    return payment;
  }

  step(id: string, state: PaymentState, more: Partial<PaymentView> = {}): PaymentView {
    const before = this.#rows.find((row) => row.payment_id === id);
    if (!before) throw new CallError({ code: "not_found", detail: id });
    const after = { ...before, ...more, state, changed_by: this.#admin ? "m.azadi" : "leila" };
    this.#rows = this.#rows.map((row) => (row === before ? after : row));
    return after;
  }
}

/** Made when it is first asked for: most pages never do. */
export function paymentHandlers(switches: () => Switches, account: (id: string) => AccountView) {
  let made: MockPayments | undefined;
  const core = () => (made ??= new MockPayments(switches(), account));
  return {
    payments_page: (request: PaymentsRequest) => core().page(request),
    record_payment: (asked: RecordPayment) => core().record(asked),
    complete_payment: ({ payment_id }: Commands["complete_payment"]["args"]) =>
      core().step(payment_id, "completed", { completed_at: Date.now() }),
    fail_payment: ({ payment_id, reason }: Commands["fail_payment"]["args"]) =>
      core().step(payment_id, "failed", { ended_at: Date.now(), reason }),
    refund_payment: ({ payment_id, reason }: Commands["refund_payment"]["args"]) =>
      core().step(payment_id, "refunded", { ended_at: Date.now(), reason }),
  };
}
