//! The dashboards: figures by month. These pages need Central.

mod views;

use std::sync::Arc;

use counterfoil_wire::dashboard as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::admin::SettlementMode;
use super::credit::HistoryRow;
use super::types::AmountView;
use super::wallets;
use crate::{Client, dashboard as figures};

/// A shop's own figures; those of resellers below it are not in them.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DashboardView {
    pub company: String,
    pub settlement_mode: SettlementMode,
    pub figures: FiguresView,
    /// What the wallet has, before its credit limit.
    pub balance: AmountView,
    pub credit_limit: AmountView,
    /// Absent where nothing was ever earned and its own sales earn nothing.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commission: Option<CommissionFigures>,
    /// By what they paid this month, the most first; at most ten. Absent where the shop may not see accounts, or Central is
    /// older.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_customers: Option<Vec<CustomerRevenueView>>,
    /// The last ten of the wallet, the newest first.
    pub transactions: Vec<HistoryRow>,
}

/// All resellers together.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OverviewView {
    pub figures: FiguresView,
    pub resellers: ResellerFigures,
    /// Payouts that were confirmed this month.
    pub payouts: u64,
    /// What they came to, for each currency.
    pub paid_out: Vec<AmountView>,
    /// By revenue of this month in the operator's currency, the most first; at most ten.
    pub top_resellers: Vec<ResellerRevenueView>,
    /// Absent where Central is older.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurring: Option<RecurringView>,
    /// Of the last month that is counted wholly; absent until there is one.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub churn: Option<ChurnView>,
    /// Of this month so far; absent where nothing was written.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub portal_writes: Option<PortalWritesView>,
    /// Of the last twelve months that are over, the oldest first; a month that Central does not know is left out.
    pub recurring_months: Vec<RecurringMonthView>,
    /// A row for each portal on which something came out this month.
    pub portal_jobs: Vec<PortalJobsView>,
    /// Absent where no device has a lease.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_sync: Option<DeviceSyncView>,
}

/// What accounts with service today come to in thirty days at the prices of their plans.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RecurringView {
    pub amount: AmountView,
    pub accounts: u64,
}

/// What accounts with service on a month's last day came to in thirty days at the prices of their plans.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RecurringMonthView {
    /// `2026-11`
    pub month: String,
    pub amount: AmountView,
    pub accounts: u64,
    pub source: RecurringSource,
}

/// How a month that is over is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecurringSource {
    /// Counted on the day after its last one.
    Counted,
    /// Counted on a later day, as accounts were then.
    Late,
    /// Worked out afterwards from what was sold, at the prices of that later day.
    Rebuilt,
}

/// How bringing accounts to a portal came out this month.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PortalJobsView {
    pub portal_id: String,
    pub portal: String,
    /// The portal shows what was wanted.
    pub agreed: u64,
    /// Of these, at the first try.
    pub first_try: u64,
    /// Of these, within an hour.
    pub within_an_hour: u64,
    /// A person had to decide.
    pub failed: u64,
}

/// Whether the devices that sell come back.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
pub struct DeviceSyncView {
    /// Devices with a lease that is not closed.
    pub selling: u64,
    /// Of these, those from which no sale is overdue.
    pub in_time: u64,
    /// Unix ms: when the one that was away the longest came last.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest_away_since: Option<i64>,
}

/// Accounts that ended and were not renewed within seven days.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ChurnView {
    /// `2026-11`
    pub month: String,
    /// With service when the month began.
    pub active: u64,
    pub ended: u64,
    /// In basis points.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<u64>,
}

/// Attempts to bring an account to its portal.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
pub struct PortalWritesView {
    pub attempts: u64,
    pub went_through: u64,
}

/// Accounts that were at their portal when it was last looked at.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
pub struct ConnectionsView {
    pub count: u64,
    /// Unix ms; of several portals, the look that was longest ago.
    pub as_of: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct FiguresView {
    /// Unix ms.
    pub as_of: i64,
    /// In which months and days begin.
    pub time_zone: String,
    /// Sales and changes that are not counted yet; 10,000 is that many or more.
    pub waiting: u64,
    pub accounts: AccountFigures,
    /// For each currency, the operator's first.
    pub revenue: Vec<RevenueTrendView>,
    /// In basis points; absent where no code was sold this month.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activation_rate: Option<u64>,
    /// Twelve of them, the oldest first; the last is this month so far.
    pub months: Vec<MonthFiguresView>,
    /// By revenue of this month; at most fifty.
    pub plans: Vec<PlanRevenueView>,
    /// Absent where no portal was looked at yet.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connections: Option<ConnectionsView>,
}

/// Accounts by now. Archived ones are in none of the figures.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
pub struct AccountFigures {
    pub total: u64,
    pub active: u64,
    /// Of the active, those whose last day is today or one of the six days after it.
    pub ending_soon: u64,
    pub expired: u64,
    pub suspended: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct MonthFiguresView {
    /// `2026-11`
    pub month: String,
    pub codes: u64,
    pub services: u64,
    /// Payments that came for service nobody sold here.
    pub payments: u64,
    pub voided: u64,
    pub activated: u64,
    pub accounts: u64,
    /// For each currency, the operator's first.
    pub revenue: Vec<AmountView>,
    /// What sales took from wallets, for each unit.
    pub used: Vec<AmountView>,
    /// Commission, for each currency.
    pub earned: Vec<AmountView>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RevenueTrendView {
    /// So far.
    pub this_month: AmountView,
    pub month_before: AmountView,
    /// In basis points; absent where there was none before.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trend: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PlanRevenueView {
    pub plan_id: String,
    pub name: String,
    pub sales: u64,
    pub revenue: RevenueTrendView,
}

/// What one customer paid in one currency this month: an e-mail address, or an account by its name.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CustomerRevenueView {
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    pub paid: AmountView,
    /// How many times.
    pub sales: u64,
    /// Unix ms: the last of them.
    pub last_at: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ResellerRevenueView {
    pub reseller_id: String,
    pub company: String,
    pub sales: u64,
    pub revenue: RevenueTrendView,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
pub struct ResellerFigures {
    pub total: u64,
    /// Neither suspended nor inactive.
    pub active: u64,
    /// Sold something this month.
    pub selling: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CommissionFigures {
    /// Of this month's sales.
    pub this_month: AmountView,
    pub lifetime: AmountView,
    pub pending: AmountView,
}

/// The shop's dashboard.
pub async fn dashboard(client: &Arc<Client>, (): ()) -> Result<DashboardView, ApiError> {
    let shown = figures::own(&*client.till()?).await?;
    Ok(DashboardView {
        company: shown.company,
        settlement_mode: shown.settlement_mode.into(),
        figures: shown.figures.into(),
        balance: shown.balance.into(),
        credit_limit: shown.credit_limit.into(),
        commission: shown.commission.map(Into::into),
        top_customers: shown.top_customers.map(|rows| rows.into_iter().map(Into::into).collect()),
        transactions: shown.transactions.into_iter().map(wallets::row).collect(),
    })
}

/// The operator's overview.
pub async fn overview(client: &Arc<Client>, (): ()) -> Result<OverviewView, ApiError> {
    let shown = figures::overview(&*client.till()?).await?;
    let wire::ResellerFigures { total, active, selling } = shown.resellers;
    Ok(OverviewView {
        figures: shown.figures.into(),
        resellers: ResellerFigures { total, active, selling },
        payouts: shown.payouts,
        paid_out: views::amounts(shown.paid_out),
        top_resellers: shown.top_resellers.into_iter().map(Into::into).collect(),
        recurring: shown.recurring.map(|one| RecurringView { amount: one.amount.into(), accounts: one.accounts }),
        churn: shown.churn.map(|one| ChurnView {
            month: one.month,
            active: one.active,
            ended: one.ended,
            rate: one.rate,
        }),
        portal_writes: shown
            .portal_writes
            .map(|one| PortalWritesView { attempts: one.attempts, went_through: one.went_through }),
        recurring_months: shown.recurring_months.into_iter().map(Into::into).collect(),
        portal_jobs: shown.portal_jobs.into_iter().map(Into::into).collect(),
        device_sync: shown.device_sync.map(|one| DeviceSyncView {
            selling: one.selling,
            in_time: one.in_time,
            longest_away_since: one.longest_away_since.map(|at| at.0),
        }),
    })
}
