import type { AmountView } from "../bindings/AmountView";
import type { CommissionReportView } from "../bindings/CommissionReportView";
import type { CommissionTotals } from "../bindings/CommissionTotals";
import type { EarningDetailView } from "../bindings/EarningDetailView";
import type { EarningsPage } from "../bindings/EarningsPage";
import type { EarningsRequest } from "../bindings/EarningsRequest";
import type { EarningState } from "../bindings/EarningState";
import type { EarningView } from "../bindings/EarningView";
import type { PayoutState } from "../bindings/PayoutState";
import type { PayoutView } from "../bindings/PayoutView";
import type { PayoutsPage } from "../bindings/PayoutsPage";
import type { PayoutsRequest } from "../bindings/PayoutsRequest";
import type { RuleBookView } from "../bindings/RuleBookView";
import type { RulesView } from "../bindings/RulesView";
import type { RuleVersionView } from "../bindings/RuleVersionView";
import type { SetCommissionRules } from "../bindings/SetCommissionRules";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { DAY, hash, HOUR, inventId, LONG_NAME, NOW } from "./invent";
import type { Switches } from "./switches";

const SHOPS = ["Navid Telecom", "Sepehr Media", "Blue Minaret Net", "Kish Island Cable"];
const RULES: RulesView = {
  version: 1,
  code_rate: 2_000,
  tiers: [
    { from_accounts: 0, rate: 1_000 },
    { from_accounts: 10, rate: 1_200 },
    { from_accounts: 25, rate: 1_500 },
    { from_accounts: 50, rate: 2_000 },
  ],
  override_rate: 500,
  override_levels: 1,
  cap: 5_000,
};
const STEPS: PayoutState[] = ["requested", "approved", "sent", "confirmed", "failed"];

const euros = (value: number): AmountView => ({ value, unit: "EUR" });
const sum = (rows: EarningView[], of: (row: EarningView) => number) =>
  euros(rows.reduce((all, row) => all + of(row), 0));

function block<T>(rows: T[], page: { after?: string; limit: number }): { rows: T[]; next?: string } {
  const start = page.after ? Number(page.after) : 0;
  const end = start + page.limit;
  return { rows: rows.slice(start, end), ...(end < rows.length ? { next: String(end) } : {}) };
}

/** Earnings, payouts and rules: a shop's own, or those of all shops. `?money` sells by share, else wholesale. */
class MockCommission {
  #rows: EarningView[];
  #payouts: PayoutView[];
  #history: RuleVersionView[];
  #admin: boolean;
  #wholesale: boolean;

  constructor(private switches: Switches) {
    const empty = switches.show === "empty";
    this.#admin = switches.role === "admin";
    this.#wholesale = !this.#admin && !switches.money;
    const count = empty || this.#wholesale ? 0 : 130;
    this.#rows = Array.from({ length: count }, (_, index) => this.#earning(index));
    this.#payouts = Array.from({ length: count === 0 ? 0 : this.#admin ? 12 : 2 }, (_, index) =>
      this.#payout(index, this.#admin ? STEPS[index % STEPS.length]! : index === 0 ? "failed" : "confirmed"),
    );
    this.#history = [{ rules: RULES, hold_days: 7, minimum_payout: euros(5_000), note: "" }];
  }

  #earning(index: number): EarningView {
    const code = index % 3 !== 1;
    const above = index % 7 === 5;
    const price = [999, 2_499, 8_999][index % 3]!;
    const tier = { kind: "tier", from_accounts: 10, active_accounts: 12 } as const;
    const basis = above
      ? ({ kind: "override", level: 1 } as const)
      : code
        ? ({ kind: "codes" } as const)
        : tier;
    const rate = above ? 500 : code ? 2_000 : 1_200;
    const sold_at = NOW - (index * 5 + 1) * HOUR;
    const state: EarningState =
      index === 3 ? "reversed" : index < 34 ? "pending" : index < 70 ? "available" : "paid";
    const username = this.switches.long && index === 1 ? "a".repeat(50) : `customer-${index + 1}`;
    return {
      earning_id: inventId(90, index),
      company: SHOPS[0]!,
      seller: above ? (this.switches.long ? LONG_NAME : SHOPS[1]!) : SHOPS[0]!,
      level: above ? 1 : 0,
      source: code ? "code" : "subscription",
      reference: code ? `412-${String(index + 1).padStart(4, "0")}` : username,
      username,
      plan_name: ["Month", "Quarter", "Year"][index % 3]!,
      price: euros(price),
      basis,
      rate,
      rate_before_cap: rate,
      amount: euros(Math.floor((price * rate + 5_000) / 10_000)),
      rules_version: 1,
      sold_at,
      available_at: sold_at + 7 * DAY,
      state,
      in_payout: state === "paid",
      ...(state === "reversed" ? { reversed_at: NOW, reason: "The customer was refunded" } : {}),
    };
  }

  #payout(index: number, state: PayoutState): PayoutView {
    const asked_at = NOW - (index * 30 + 2) * DAY;
    const reached = STEPS.indexOf(state);
    const amount = 6_000 + (hash(index) % 40) * 100;
    return {
      payout_id: inventId(91, index),
      company: this.#admin ? (this.switches.long && index === 0 ? LONG_NAME : SHOPS[index % 4]!) : SHOPS[0]!,
      amount: euros(amount),
      earned: euros(index % 4 === 1 ? amount + 240 : amount),
      earnings: 24 + index,
      description: "Commission for October 2026",
      method: index % 3 === 2 ? "cash" : "bank_transfer",
      destination: index % 3 === 2 ? "" : "DE02 1203 0000 0000 2020 51",
      state,
      asked_at,
      asked_by: "leila",
      ...(reached >= 1 && state !== "failed" ? { approved_at: asked_at + HOUR } : {}),
      ...(reached >= 2 && state !== "failed"
        ? { sent_at: asked_at + 2 * HOUR, reference: `T-10${index}` }
        : {}),
      ...(reached >= 3 ? { ended_at: asked_at + DAY } : {}),
      ...(this.#admin && reached >= 1 ? { changed_by: "m.azadi" } : {}),
      ...(state === "failed" ? { reason: "The bank does not know this account." } : {}),
    };
  }

  #of(state: EarningState, inPayout = false): AmountView {
    return sum(
      this.#rows.filter((row) => row.state === state && row.in_payout === inPayout),
      (row) => row.amount.value,
    );
  }

  #balances(): EarningsPage["balances"] {
    return {
      pending: this.#of("pending"),
      available: this.#of("available"),
      on_the_way: this.#of("available", true),
      paid: this.#of("paid", true),
      owed: euros(this.switches.show === "low" ? 480 : 0),
    };
  }

  earnings({ state, page }: EarningsRequest): EarningsPage {
    const rows = this.#rows.filter((row) => state === undefined || row.state === state);
    const now = this.#history[0]!;
    return {
      company: this.switches.long ? LONG_NAME : SHOPS[0]!,
      settlement_mode: this.#wholesale ? "wholesale" : "share",
      balances: this.#balances(),
      hold_days: now.hold_days,
      minimum_payout: now.minimum_payout,
      payout_open: this.#payouts.some((one) => ["requested", "approved", "sent"].includes(one.state)),
      ...block(rows, page),
    };
  }

  detail(id: string): EarningDetailView {
    const at = this.#rows.findIndex((row) => row.earning_id === id);
    const earning = this.#rows[at];
    if (!earning) throw new CallError({ code: "not_found", detail: id });
    const event = (kind: string, end: string, when: number) => ({
      source_event: `earning/${id}${end}`,
      kind,
      amount: earning.amount,
      at: when,
    });
    // One of them is not what this machine makes of it.
    const wrong = at === 6;
    return {
      earning,
      rules: RULES,
      uplines: 1,
      events: [
        event("commission_earned", "", earning.sold_at),
        ...(earning.state === "pending" || earning.state === "reversed"
          ? []
          : [event("commission_released", "/release", earning.available_at)]),
        ...(earning.reversed_at ? [event("commission_reversed", "/reverse", earning.reversed_at)] : []),
      ],
      recomputed: euros(earning.amount.value - (wrong ? 1 : 0)),
      agrees: !wrong,
    };
  }

  reverse(id: string, reason: string): EarningDetailView {
    this.#rows = this.#rows.map((row) =>
      row.earning_id === id ? { ...row, state: "reversed", reversed_at: Date.now(), reason } : row,
    );
    return this.detail(id);
  }

  #totals(): CommissionTotals {
    const stand = this.#rows.filter((row) => row.state !== "reversed");
    const own = stand.filter((row) => row.level === 0);
    const over = stand.filter((row) => row.level > 0);
    return {
      payments: own.length,
      revenue: sum(own, (row) => row.price.value),
      own: sum(own, (row) => row.amount.value),
      overrides: sum(over, (row) => row.amount.value),
      earned: sum(stand, (row) => row.amount.value),
      reversed: this.#of("reversed"),
    };
  }

  report({ start_date, end_date }: Commands["commission_report"]["args"]): CommissionReportView {
    if (start_date && end_date && end_date < start_date)
      throw new CallError({
        code: "validation_failed",
        detail: "end_date",
        fields: [{ field: "end_date", message: "not before the first day" }],
      });
    const own = this.#rows.filter((row) => row.level === 0 && row.state !== "reversed");
    return {
      start_date: start_date ?? "2026-11-01",
      end_date: end_date ?? "2026-11-21",
      totals: this.#totals(),
      accounts: own.map((row) => ({
        account_id: row.earning_id,
        username: row.username,
        payments: 1,
        revenue: row.price,
        commission: row.amount,
      })),
    };
  }

  all({ search, page }: Commands["commissions_page"]["args"]): Commands["commissions_page"]["result"] {
    const shops = this.#rows.length === 0 ? [] : this.switches.long ? [LONG_NAME, ...SHOPS] : SHOPS;
    const found = shops.filter((company) => company.toLowerCase().includes(search.toLowerCase()));
    const rows = found.map((company, index) => ({
      reseller_id: inventId(5, index),
      company,
      settlement_mode: index === 2 ? ("wholesale" as const) : ("share" as const),
      totals: this.#totals(),
      balances: this.#balances(),
    }));
    return block(rows, page);
  }

  book(): RuleBookView {
    return {
      now: this.#history.find((one) => (one.valid_from ?? 0) <= Date.now())!,
      history: this.#history,
      waiting: this.switches.show === "low" ? 3 : 0,
      ...(this.switches.show === "low" ? { trouble: "damaged row: commission_due.currency of 412" } : {}),
    };
  }

  setRules(asked: SetCommissionRules): RuleBookView {
    const { rule_id, hold_days, minimum_payout, from_day, note, ...rules } = asked;
    void rule_id;
    const valid_from = from_day ? Date.parse(from_day) : Date.now();
    const version = this.#history.length + 1;
    this.#history = [
      {
        rules: { version, ...rules },
        hold_days,
        minimum_payout: euros(minimum_payout),
        valid_from,
        set_at: Date.now(),
        set_by: "m.azadi",
        note,
      },
      ...this.#history,
    ];
    return this.book();
  }

  payouts({ state, page }: PayoutsRequest): PayoutsPage {
    return block(
      this.#payouts.filter((payout) => state === undefined || payout.state === state),
      page,
    );
  }

  ask({ payout_id, method, destination }: Commands["request_payout"]["args"]): PayoutView {
    const available = this.#of("available");
    const least = this.#history[0]!.minimum_payout;
    if (available.value < least.value)
      throw new CallError({ code: "payout_too_small", detail: "least", needed: least, available });
    const taken = this.#rows.filter((row) => row.state === "available" && !row.in_payout);
    this.#rows = this.#rows.map((row) => (taken.includes(row) ? { ...row, in_payout: true } : row));
    const asked: PayoutView = {
      payout_id,
      company: SHOPS[0]!,
      amount: available,
      earned: available,
      earnings: taken.length,
      description: "Commission for November 2026",
      method,
      destination,
      state: "requested",
      asked_at: Date.now(),
      asked_by: "leila",
    };
    this.#payouts.unshift(asked);
    return asked;
  }

  step(payout_id: string, state: PayoutState, more: Partial<PayoutView> = {}): PayoutView {
    const at = this.#payouts.findIndex((payout) => payout.payout_id === payout_id);
    const before = this.#payouts[at];
    if (!before) throw new CallError({ code: "not_found", detail: payout_id });
    return (this.#payouts[at] = { ...before, ...more, state, changed_by: "m.azadi" });
  }
}

/** Made when it is first asked for: most pages never do. */
export function commissionHandlers(switches: () => Switches) {
  let made: MockCommission | undefined;
  const core = () => (made ??= new MockCommission(switches()));
  return {
    earnings: (request: EarningsRequest) => core().earnings(request),
    earning: ({ earning_id }: Commands["earning"]["args"]) => core().detail(earning_id),
    reverse_earning: ({ earning_id, reason }: Commands["reverse_earning"]["args"]) =>
      core().reverse(earning_id, reason),
    commission_report: (period: Commands["commission_report"]["args"]) => core().report(period),
    commissions_page: (request: Commands["commissions_page"]["args"]) => core().all(request),
    commission_rules: () => core().book(),
    set_commission_rules: (asked: SetCommissionRules) => core().setRules(asked),
    payouts_page: (request: PayoutsRequest) => core().payouts(request),
    request_payout: (asked: Commands["request_payout"]["args"]) => core().ask(asked),
    approve_payout: ({ payout_id }: Commands["approve_payout"]["args"]) =>
      core().step(payout_id, "approved", { approved_at: Date.now() }),
    send_payout: ({ payout_id, reference }: Commands["send_payout"]["args"]) =>
      core().step(payout_id, "sent", { sent_at: Date.now(), reference }),
    confirm_payout: ({ payout_id }: Commands["confirm_payout"]["args"]) =>
      core().step(payout_id, "confirmed", { ended_at: Date.now() }),
    fail_payout: ({ payout_id, reason }: Commands["fail_payout"]["args"]) =>
      core().step(payout_id, "failed", { ended_at: Date.now(), reason }),
  };
}
