import { m } from "$lib/paraglide/messages";
import { getLocale } from "$lib/paraglide/runtime";
import { directionOf } from "$lib/format/locale";
import type { ReportPage } from "$lib/api/bindings/ReportPage";
import type { ReportWord } from "$lib/api/bindings/ReportWord";
import type { ReportWords } from "$lib/api/bindings/ReportWords";

type Words = Record<string, () => string>;

/** What a report is called, and what it answers. */
interface Kind {
  name: () => string;
  about: () => string;
}

/** Of the operator, in the order they are listed. */
export const STAFF_REPORTS: Record<string, Kind> = {
  "revenue-by-plan": { name: m.reports_name_revenue_by_plan, about: m.reports_about_revenue_by_plan },
  "monthly-revenue": { name: m.reports_name_monthly_revenue, about: m.reports_about_monthly_revenue },
  resellers: { name: m.reports_name_resellers, about: m.reports_about_resellers },
  growth: { name: m.reports_name_growth, about: m.reports_about_growth },
  kpis: { name: m.reports_name_kpis, about: m.reports_about_kpis },
  "recurring-revenue": {
    name: m.reports_name_recurring_revenue,
    about: m.reports_about_recurring_revenue,
  },
  "recurring-by-month": {
    name: m.reports_name_recurring_by_month,
    about: m.reports_about_recurring_by_month,
  },
  churn: { name: m.reports_name_churn, about: m.reports_about_churn },
  "portal-writes": { name: m.reports_name_portal_writes, about: m.reports_about_portal_writes },
  "portal-jobs": { name: m.reports_name_portal_jobs, about: m.reports_about_portal_jobs },
  "code-usage": { name: m.reports_name_code_usage, about: m.reports_about_code_usage },
  "credit-usage": { name: m.reports_name_credit_usage, about: m.reports_about_credit_usage },
  subscriptions: { name: m.reports_name_subscriptions, about: m.reports_about_subscriptions },
  commission: { name: m.reports_name_commission, about: m.reports_about_commission },
  payouts: { name: m.reports_name_payouts, about: m.reports_about_payouts },
  payments: { name: m.reports_name_payments, about: m.reports_about_payments },
};

/** Of a shop. */
export const SHOP_REPORTS: Record<string, Kind> = {
  sales: { name: m.reports_name_sales, about: m.reports_about_sales },
  earnings: { name: m.reports_name_earnings, about: m.reports_about_earnings },
  "activation-rate": { name: m.reports_name_activation_rate, about: m.reports_about_activation_rate },
  customers: { name: m.reports_name_customers, about: m.reports_about_customers },
};

const HEADINGS: Words = {
  plan: m.reports_h_plan,
  sold: m.reports_h_sold,
  services: m.reports_h_services,
  voided: m.reports_h_voided,
  revenue: m.reports_h_revenue,
  company: m.reports_h_company,
  status: m.reports_h_status,
  sales: m.reports_h_sales,
  earned: m.reports_h_earned,
  accounts_now: m.reports_h_accounts_now,
  active_now: m.reports_h_active_now,
  month: m.reports_h_month,
  activated: m.reports_h_activated,
  expired: m.reports_h_expired,
  rate: m.reports_h_rate,
  used_by_codes: m.reports_h_used_by_codes,
  used_by_services: m.reports_h_used_by_services,
  back_by_voids: m.reports_h_back_by_voids,
  back_by_expiry: m.reports_h_back_by_expiry,
  used: m.reports_h_used,
  new_accounts: m.reports_h_new_accounts,
  new_resellers: m.reports_h_new_resellers,
  selling_resellers: m.reports_h_selling_resellers,
  asked_at: m.reports_h_asked_at,
  description: m.reports_h_description,
  amount: m.reports_h_amount,
  paid_out: m.reports_h_paid_out,
  method: m.reports_h_method,
  state: m.reports_h_state,
  sent_at: m.reports_h_sent_at,
  ended_at: m.reports_h_ended_at,
  reference: m.reports_h_reference,
  accounts: m.reports_h_accounts,
  active: m.reports_h_active,
  ending_soon: m.reports_h_ending_soon,
  suspended: m.reports_h_suspended,
  mode: m.reports_h_mode,
  payments: m.reports_h_payments,
  own: m.reports_h_own,
  overrides: m.reports_h_overrides,
  taken_back: m.reports_h_taken_back,
  pending_now: m.reports_h_pending_now,
  available_now: m.reports_h_available_now,
  paid_ever: m.reports_h_paid_ever,
  paid_on: m.reports_h_paid_on,
  account: m.reports_h_account,
  received: m.reports_h_received,
  paid_for: m.reports_h_paid_for,
  collected_by: m.reports_h_collected_by,
  figure: m.reports_h_figure,
  value: m.reports_h_value,
  sold_at: m.reports_h_sold_at,
  seller: m.reports_h_seller,
  price: m.reports_h_price,
  basis: m.reports_h_basis,
  tier_from: m.reports_h_tier_from,
  active_accounts: m.reports_h_active_accounts,
  rate_before_cap: m.reports_h_rate_before_cap,
  rules_version: m.reports_h_rules_version,
  email: m.reports_h_email,
  serial: m.reports_h_serial,
  first_sold: m.reports_h_first_sold,
  last_day: m.reports_h_last_day,
  redeem_by: m.reports_h_redeem_by,
  plan_price: m.reports_h_plan_price,
  term_days: m.reports_h_term_days,
  thirty_days: m.reports_h_thirty_days,
  active_at_start: m.reports_h_active_at_start,
  ended: m.reports_h_ended,
  churn: m.reports_h_churn,
  attempts: m.reports_h_attempts,
  went_through: m.reports_h_went_through,
  sync_success: m.reports_h_sync_success,
  active_at_end: m.reports_h_active_at_end,
  known: m.reports_h_known,
  written_on: m.reports_h_written_on,
  portal: m.reports_h_portal,
  jobs: m.reports_h_jobs,
  first_try: m.reports_h_first_try,
  first_try_rate: m.reports_h_first_try_rate,
  within_an_hour: m.reports_h_within_an_hour,
  within_an_hour_rate: m.reports_h_within_an_hour_rate,
  failed: m.reports_h_failed,
  failed_rate: m.reports_h_failed_rate,
};

const VALUES: Words = {
  counted: m.reports_v_counted,
  late: m.reports_v_late,
  rebuilt: m.reports_v_rebuilt,
  no_plan: m.reports_v_no_plan,
  active: m.reports_v_active,
  suspended: m.reports_v_suspended,
  inactive: m.reports_v_inactive,
  wholesale: m.reports_v_wholesale,
  share: m.reports_v_share,
  requested: m.reports_v_requested,
  approved: m.reports_v_approved,
  sent: m.reports_v_sent,
  confirmed: m.reports_v_confirmed,
  failed: m.reports_v_failed,
  bank_transfer: m.reports_v_bank_transfer,
  mobile_money: m.reports_v_mobile_money,
  cash: m.reports_v_cash,
  card: m.reports_v_card,
  transfer: m.reports_v_transfer,
  other: m.reports_v_other,
  pending: m.reports_v_pending,
  completed: m.reports_v_completed,
  refunded: m.reports_v_refunded,
  sale: m.reports_v_sale,
  service: m.reports_v_service,
  operator: m.reports_v_operator,
  reseller: m.reports_v_reseller,
  available: m.reports_v_available,
  paid: m.reports_v_paid,
  reversed: m.reports_v_reversed,
  fixed: m.reports_v_fixed,
  codes: m.reports_v_codes,
  tier: m.reports_v_tier,
  override: m.reports_v_override,
  waiting: m.reports_v_waiting,
  expired: m.reports_v_expired,
  cancelled: m.reports_v_cancelled,
  credits: m.reports_v_credits,
  resellers: m.reports_v_resellers,
  active_resellers: m.reports_v_active_resellers,
  selling_resellers: m.reports_v_selling_resellers,
  accounts: m.reports_v_accounts,
  active_accounts: m.reports_v_active_accounts,
  accounts_per_reseller: m.reports_v_accounts_per_reseller,
  sold: m.reports_v_sold,
  activated: m.reports_v_activated,
  activation_rate: m.reports_v_activation_rate,
  recurring: m.reports_v_recurring,
  churn: m.reports_v_churn,
  sync_success: m.reports_v_sync_success,
  revenue: m.reports_v_revenue,
  used: m.reports_v_used,
};

/** What a column is called; a newer Central may have one that is not known here. */
export function headingOf(key: string): string {
  return HEADINGS[key]?.() ?? key;
}

/** What stands in a cell that holds a word. */
export function valueOf(key: string): string {
  return VALUES[key]?.() ?? key;
}

export function kindOf(name: string): Kind | undefined {
  return STAFF_REPORTS[name] ?? SHOP_REPORTS[name];
}

const list = (words: Words): ReportWord[] =>
  Object.entries(words).map(([key, text]) => ({ key, text: text() }));

/** The words that a file of this report needs, in the language of the screen. */
export function fileWords(page: ReportPage): ReportWords {
  const language = getLocale();
  return {
    title: kindOf(page.name)?.name() ?? page.name,
    language,
    right_to_left: directionOf(language) === "rtl",
    operator: m.reports_file_operator(),
    period: m.reports_file_period(),
    time_zone: m.reports_file_zone(),
    made: m.reports_file_made(),
    total: m.reports_total(),
    unit: m.reports_file_unit(),
    nothing: page.period === undefined ? m.reports_empty_now() : m.reports_file_nothing(),
    pages: m.reports_file_pages({ page: "{page}", pages: "{pages}" }),
    headings: page.columns.map(({ key }) => ({ key, text: headingOf(key) })),
    values: list(VALUES),
  };
}
