//! Dashboards: what a reseller and the operator see at a glance, with the months behind it.
//!
//! **Revenue** is what customers were charged: the price of each code when it is sold, and of each plan that an account was
//! given without a code; the price of a code that is voided is taken off in the month of the void. A payment for service that
//! nobody sold here counts when it came, and is taken off when it is given back. A code that was revoked or that expired
//! unused stays sold. Days that were given by themselves have no price, gifts of the operator are no sales, trials are sales
//! of nothing, and a code that waits for credit counts once it is charged. A lot counts when its codes are made.
//!
//! Amounts of several currencies stand beside each other and are never added together. Months begin and end in the operator's
//! zone; a sale made without a network counts in the month in which it was made, also when Central hears of it later.
//!
//! **Recurring revenue** is a rate and no sum of payments: what the accounts with service today come to in thirty days, if each
//! went on with its plan at the plan's price of today. **Churn** is of whole months: accounts whose last day was in the month and
//! that had no later one seven days after it, for each account that had service when the month began. Both are defined at
//! [`Recurring`] and [`Churn`].
//!
//! Everything is counted soon after it happened, a few seconds as a rule; `waiting` says how much is not counted yet.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::dashboard::RecurringSource;
use counterfoil_domain::ids::{AccountId, PlanId, PortalId, ResellerId};
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::credits::EntryView;

/// A reseller's own figures: those of resellers below it are not in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dashboard {
    pub reseller_id: ResellerId,
    pub company: String,
    pub settlement_mode: SettlementMode,
    pub figures: Figures,
    /// What the wallet has, before its credit limit.
    pub balance: Amount,
    pub credit_limit: Amount,
    /// Absent where nothing was ever earned and its own sales earn nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commission: Option<CommissionFigures>,
    /// By what they paid this month, the most first; at most ten. Absent where the reseller may not see accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_customers: Option<Vec<CustomerRevenue>>,
    /// The last ten of the wallet, the newest first.
    pub transactions: Vec<EntryView>,
}

/// Figures of the operator: all resellers together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overview {
    pub figures: Figures,
    pub resellers: ResellerFigures,
    /// Payouts that were confirmed this month.
    pub payouts: u64,
    /// What they came to, for each currency.
    pub paid_out: Vec<Amount>,
    /// By revenue of this month in the operator's currency, the most first; at most ten.
    pub top_resellers: Vec<ResellerRevenue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurring: Option<Recurring>,
    /// Of the last month that is counted wholly; absent until there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub churn: Option<Churn>,
    /// What recurred in the last twelve months that are over, the oldest first; a month that nobody wrote down is left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recurring_months: Vec<RecurringMonth>,
    /// Of this month so far; absent where nothing was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portal_writes: Option<PortalWrites>,
    /// How bringing accounts to their portals came out this month, a row for each portal; empty where nothing came out yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub portal_jobs: Vec<PortalJobs>,
    /// Absent where no device may sell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_sync: Option<DeviceSync>,
}

/// What comes in over and over, as a rate for thirty days.
///
/// Of each plan: accounts that are switched on and have service today × the plan's price now × 30 / the plan's days, rounded
/// half up to the minor unit, once for each plan; then the sum over the plans. Trials have no price and bring nothing, and
/// neither does an account without a plan. What a reseller's price list says otherwise and what was really paid is not in it.
/// All plans are in the operator's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Recurring {
    pub amount: Amount,
    /// Accounts with service today and with a plan.
    pub accounts: u64,
}

/// What recurred in a month that is over: [`Recurring`] as it stood on the month's last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecurringMonth {
    /// `2026-11`
    pub month: String,
    pub amount: Amount,
    /// Accounts with service on its last day and with a plan.
    pub accounts: u64,
    pub source: RecurringSource,
}

/// Who left, in a month in the operator's zone.
///
/// An account ended when its last day was in the month and seven days later it had no later one. Whether it was suspended or
/// archived by then makes no difference, and an account that is renewed after the seven days has left and come back. One that
/// began and ended within the month is in `ended` and was not in `active`, so the rate is no share of those it is measured by.
/// Counted once, when the days are over: what happens later changes no month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Churn {
    /// `2026-11`
    pub month: String,
    /// Switched on and with service when the month began.
    pub active: u64,
    pub ended: u64,
    /// `ended` for each of `active`, in basis points, half up; absent where nobody was active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<u64>,
}

/// Attempts to bring an account to its portal. An account that is tried again is an attempt again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalWrites {
    pub attempts: u64,
    /// Those after which the portal showed what was wanted.
    pub went_through: u64,
}

/// How bringing accounts to a portal came out in a month, in which it came out.
///
/// A job begins when an account is wanted otherwise on the portal and ends when the portal shows that, or when a person has to
/// decide; what is wanted meanwhile belongs to it. One that waits since before Central counted these is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalJobs {
    pub portal_id: PortalId,
    pub portal: String,
    /// `2026-11`
    pub month: String,
    /// The portal shows what was wanted.
    pub agreed: u64,
    /// Of these, at the first try.
    pub first_try: u64,
    /// Of these, within an hour.
    pub within_an_hour: u64,
    /// A person had to decide.
    pub failed: u64,
}

/// Whether the devices that may sell come back. What waits on a device only the device knows: Central knows when it last came,
/// and whether that was before the end of what it may sell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceSync {
    /// Devices with a lease that is not closed.
    pub selling: u64,
    /// Of these, those without a lease whose time to sell is over and that have not come since: what was sold from it is due.
    pub in_time: u64,
    /// When the one that was away the longest came last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_away_since: Option<Timestamp>,
}

/// What both dashboards have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figures {
    /// When this was read.
    pub as_of: Timestamp,
    /// The operator's, in which months and days begin.
    pub time_zone: String,
    /// Sales and changes that are not counted yet; 10,000 is that many or more.
    pub waiting: u64,
    pub accounts: AccountFigures,
    /// For each currency this month beside the month before, the operator's first.
    pub revenue: Vec<RevenueTrend>,
    /// Codes activated this month for each code sold this month, in basis points; absent where none was sold. It may pass
    /// 10,000: a code is often activated in a later month than it was sold in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activation_rate: Option<u64>,
    /// Twelve of them, the oldest first; the last is this month so far.
    pub months: Vec<MonthFigures>,
    /// Plans sold this month or the month before, by revenue of this month; at most fifty.
    pub plans: Vec<PlanRevenue>,
    /// Absent where no portal was looked at yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connections: Option<Connections>,
}

/// Accounts that were at their portal when all accounts there were last looked at: the portal called them online, or they were
/// there less than two minutes before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Connections {
    pub count: u64,
    /// When the portals were looked at; of several, the one that was longest ago.
    pub as_of: Timestamp,
}

/// Accounts by now. Archived ones are in none of the figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountFigures {
    pub total: u64,
    /// Switched on and with service today.
    pub active: u64,
    /// Of the active, those whose last day is today or one of the six days after it.
    pub ending_soon: u64,
    /// Their service is over, or never began.
    pub expired: u64,
    pub suspended: u64,
}

/// A month in the operator's zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MonthFigures {
    /// `2026-11`
    pub month: String,
    /// Codes sold.
    pub codes: u64,
    /// Accounts given service without a code, gifts aside.
    pub services: u64,
    /// Payments that came for service nobody sold here.
    #[serde(default)]
    pub payments: u64,
    /// Codes voided in the month, whenever they were sold.
    pub voided: u64,
    /// Codes activated in the month, whenever they were sold.
    pub activated: u64,
    /// Accounts made.
    pub accounts: u64,
    /// For each currency, the operator's first.
    pub revenue: Vec<Amount>,
    /// What sales took from wallets, less what voids and expiry gave back; for each unit.
    pub used: Vec<Amount>,
    /// Commission of the month's sales that was not taken back; for each currency.
    pub earned: Vec<Amount>,
}

/// Revenue in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevenueTrend {
    /// So far.
    pub this_month: Amount,
    /// The whole of it.
    pub month_before: Amount,
    /// By how much this month is above or below, in basis points; absent where there was none before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trend: Option<i64>,
}

/// What one plan brought, in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanRevenue {
    pub plan_id: PlanId,
    pub name: String,
    /// This month, voided ones among them.
    pub sales: u64,
    pub revenue: RevenueTrend,
}

/// What one customer paid in one currency this month: for codes that were sold to an e-mail address, for service without a
/// code, and for service that nobody sold here. What was voided or given back since is not in it, whichever month it was in.
/// A code that was sold without an address is nobody's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomerRevenue {
    /// Whose it is, whatever accounts and codes carry it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// With its name, where the account has no address or is another reseller's by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<AccountId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    pub paid: Amount,
    /// How many times.
    pub sales: u64,
    /// The last of them.
    pub last_at: Timestamp,
}

/// What one reseller brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResellerRevenue {
    pub reseller_id: ResellerId,
    pub company: String,
    /// This month, voided ones among them.
    pub sales: u64,
    pub revenue: RevenueTrend,
}

/// Resellers by now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResellerFigures {
    pub total: u64,
    /// Neither suspended nor inactive.
    pub active: u64,
    /// Sold something this month.
    pub selling: u64,
}

/// What a reseller earns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommissionFigures {
    /// Of this month's sales, in the operator's currency; what was taken back is not in it.
    pub this_month: Amount,
    /// All that was ever earned and not taken back.
    pub lifetime: Amount,
    /// Held back for a while.
    pub pending: Amount,
}
