import type { AmountView } from "../bindings/AmountView";
import type { CustomerRevenueView } from "../bindings/CustomerRevenueView";
import type { DashboardView } from "../bindings/DashboardView";
import type { FiguresView } from "../bindings/FiguresView";
import type { HistoryRow } from "../bindings/HistoryRow";
import type { MonthFiguresView } from "../bindings/MonthFiguresView";
import type { OverviewView } from "../bindings/OverviewView";
import type { RevenueTrendView } from "../bindings/RevenueTrendView";
import { CallError } from "../error";
import { HOUR, hash, inventId, LONG_NAME, NOW, ZONE } from "./invent";
import type { Switches } from "./switches";

export const SHOPS = ["Navid Telecom", "Sepehr Media", "Blue Minaret Net", "Kish Island Cable", "Alborz TV"];
const PLANS = ["Year", "Quarter", "Month", "Sport", "Trial week"];
export const STAFF_WITH_REPORTS = ["super_admin", "admin", "finance", "auditor"];

export const euros = (value: number): AmountView => ({ value, unit: "EUR" });

/** `2026-11`, so many months ago. */
export function monthBack(back: number): string {
  const now = new Date(NOW);
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1));
  return first.toISOString().slice(0, 7);
}

export function trend(this_month: number, month_before: number, unit = "EUR"): RevenueTrendView {
  const change =
    month_before > 0 ? Math.round(((this_month - month_before) * 10_000) / month_before) : undefined;
  return {
    this_month: { value: this_month, unit },
    month_before: { value: month_before, unit },
    ...(change === undefined ? {} : { trend: change }),
  };
}

/** A month, `scale` times that of one shop. The second currency is there since last month. */
function month(back: number, scale: number, switches: Switches): MonthFiguresView {
  const empty = switches.show === "empty";
  const codes = empty ? 0 : (40 + (hash(back + 3) % 30) + (11 - back) * 4 - (back === 0 ? 17 : 0)) * scale;
  const services = empty ? 0 : (hash(back) % 9) * scale;
  const revenue = [
    euros((codes + services) * 1_249),
    ...(switches.money && back < 2 && !empty ? [{ value: 4_500, unit: "USD" }] : []),
  ];
  return {
    month: monthBack(back),
    codes,
    services,
    payments: empty || !switches.money ? 0 : (hash(back + 5) % 6) * scale,
    voided: empty ? 0 : (hash(back + 9) % 4) * scale,
    activated: Math.floor(codes * 0.8),
    accounts: Math.floor(codes * 0.3),
    revenue,
    used: empty
      ? []
      : [
          switches.money
            ? euros((codes + services) * 1_249)
            : { value: (codes + services) * 45, unit: "credits" },
        ],
    earned: switches.money && !empty ? [euros(codes * 250)] : [euros(0)],
  };
}

function figures(switches: Switches, scale: number): FiguresView {
  const empty = switches.show === "empty";
  const months = Array.from({ length: 12 }, (_, at) => month(11 - at, scale, switches));
  const [before, now] = months.slice(-2) as [MonthFiguresView, MonthFiguresView];
  const revenue = now.revenue.map((amount, at) =>
    trend(amount.value, before.revenue[at]!.value, amount.unit),
  );
  const total = empty ? 0 : 412 * scale;
  return {
    as_of: NOW,
    time_zone: ZONE,
    waiting: switches.show === "low" ? 12 : 0,
    accounts: {
      total,
      active: Math.floor(total * 0.8),
      ending_soon: Math.floor(total * 0.05),
      expired: total - Math.floor(total * 0.8) - (empty ? 0 : 4),
      suspended: empty ? 0 : 4,
    },
    revenue,
    ...(now.codes > 0 ? { activation_rate: Math.floor((now.activated * 10_000) / now.codes) } : {}),
    months,
    plans: empty
      ? []
      : PLANS.map((name, at) => {
          const value = Math.floor(now.revenue[0]!.value / 2 ** (at + 1));
          return {
            plan_id: inventId(95, at),
            name: switches.long && at === 1 ? LONG_NAME : name,
            sales: Math.max(1, Math.floor(now.codes / 2 ** (at + 1))),
            revenue: trend(value, at === 4 ? 0 : Math.floor(value * (at % 2 === 0 ? 0.8 : 1.3))),
          };
        }),
    ...(empty ? {} : { connections: { count: Math.floor(total * 0.3), as_of: NOW - HOUR } }),
  };
}

function transactions(switches: Switches): HistoryRow[] {
  if (switches.show === "empty") return [];
  const unit = switches.money ? "EUR" : "credits";
  return Array.from({ length: 10 }, (_, at) => {
    const bought = at === 6;
    const value = bought ? 900 : -30;
    const after = 3_570 + at * 30;
    return {
      entry_id: inventId(96, at),
      at: NOW - (at * 3 + 1) * HOUR,
      kind: bought ? "purchase" : at === 2 ? "void" : "online_sale",
      amount: { value: at === 2 ? 30 : value, unit },
      balance_before: { value: after - value, unit },
      balance_after: { value: after, unit },
      reference: bought ? "Starter" : `412-${String(120 - at).padStart(4, "0")}`,
      line: 200 - at,
    };
  });
}

/** Two without an address, and one who paid in two currencies. */
function customers(switches: Switches): CustomerRevenueView[] {
  if (switches.show === "empty") return [];
  const names = ["maryam@example.org", "daniel.o@example.org", "lena@example.org", "sahar@example.org"];
  const known = names.map((email, at) => ({
    email: switches.long && at === 0 ? `${"maryam.".repeat(8)}@example.org` : email,
    paid: euros(9_992 - at * 1_249),
    sales: 8 - at,
    last_at: NOW - (at * 7 + 2) * HOUR,
  }));
  const nameless = ["box-4471", "box-0093"].map((username, at) => ({
    account_id: inventId(99, at),
    username,
    paid: euros(3_747 - at * 1_249),
    sales: 3 - at,
    last_at: NOW - (at + 30) * HOUR,
  }));
  const dollars = switches.money
    ? [{ email: "lena@example.org", paid: { value: 1_500, unit: "USD" }, sales: 1, last_at: NOW - 50 * HOUR }]
    : [];
  return [...known, ...nameless, ...dollars];
}

export function dashboardHandlers(switches: () => Switches) {
  let read = 0;
  /** Without a network nothing is told: `offline` from the start, `refused` after the first time. */
  const check = (): Switches => {
    const now = switches();
    read += 1;
    if (now.show === "offline" || (now.show === "frozen" && read > 1)) {
      throw new CallError({ code: "server_unreachable", detail: "connection refused" });
    }
    return now;
  };
  return {
    dashboard: (): DashboardView => {
      const now = check();
      if (now.show === "refused") throw new CallError({ code: "not_granted", detail: "not allowed" });
      const empty = now.show === "empty";
      const months = figures(now, 1);
      return {
        company: now.long ? LONG_NAME : SHOPS[0]!,
        settlement_mode: now.money ? "share" : "wholesale",
        figures: months,
        balance: now.money ? euros(empty ? 0 : 35_700) : { value: empty ? 0 : 3_570, unit: "credits" },
        credit_limit: now.money ? euros(0) : { value: 0, unit: "credits" },
        ...(now.money
          ? {
              commission: {
                this_month: months.months.at(-1)!.earned[0]!,
                lifetime: euros(184_250),
                pending: euros(8_250),
              },
            }
          : {}),
        top_customers: customers(now),
        transactions: transactions(now),
      };
    },
    overview: (): OverviewView => {
      const now = check();
      if (!STAFF_WITH_REPORTS.includes(now.staff)) {
        throw new CallError({ code: "not_permitted", detail: "The role support may not do this." });
      }
      const empty = now.show === "empty";
      return {
        figures: figures(now, 17),
        resellers: { total: empty ? 0 : 19, active: empty ? 0 : 17, selling: empty ? 0 : 14 },
        payouts: empty ? 0 : 3,
        paid_out: empty ? [] : [euros(412_300)],
        top_resellers: empty
          ? []
          : SHOPS.map((company, at) => ({
              reseller_id: inventId(97, at),
              company: now.long && at === 0 ? LONG_NAME : company,
              sales: 200 - at * 31,
              revenue: trend(250_000 - at * 38_000, at === 3 ? 0 : 210_000 - at * 21_000),
            })),
        recurring: { amount: euros(empty ? 0 : 612_300), accounts: empty ? 0 : 5_603 },
        ...(empty
          ? {}
          : {
              churn: { month: monthBack(1), active: 5_412, ended: 271, rate: 501 },
              portal_writes: { attempts: 1_204, went_through: 1_187 },
              device_sync: { selling: 31, in_time: 29, longest_away_since: Date.now() - 5 * 86_400_000 },
            }),
        recurring_months: empty
          ? []
          : Array.from({ length: 11 }, (_, at) => ({
              month: monthBack(11 - at),
              amount: euros(480_000 + at * 12_030),
              accounts: 4_700 + at * 81,
              source: at < 8 ? "rebuilt" : "counted",
            })),
        portal_jobs: empty
          ? []
          : [
              {
                portal_id: inventId(98, 1),
                portal: now.long ? LONG_NAME : "Main portal",
                agreed: 1_170,
                first_try: 1_121,
                within_an_hour: 1_158,
                failed: 12,
              },
            ],
      };
    },
  };
}
