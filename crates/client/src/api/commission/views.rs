//! What the UI is shown of commission and payouts.

use counterfoil_domain::commission as domain;
use counterfoil_wire::{commission as wire, payouts};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::super::admin::SettlementMode;
use super::super::types::AmountView;

words! {
    EarningState { Pending, Available, Paid, Reversed }
    PayoutState { Requested, Approved, Sent, Confirmed, Failed }
    PayoutMethod { BankTransfer, MobileMoney, Cash, Other }
}

/// Where a rate comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RateBasis {
    Fixed,
    Codes,
    Tier { from_accounts: u32, active_accounts: u32 },
    Override { level: u8 },
}

impl From<domain::RateBasis> for RateBasis {
    fn from(basis: domain::RateBasis) -> Self {
        match basis {
            domain::RateBasis::Fixed => Self::Fixed,
            domain::RateBasis::Codes => Self::Codes,
            domain::RateBasis::Tier { from_accounts, active_accounts } => Self::Tier { from_accounts, active_accounts },
            domain::RateBasis::Override { level } => Self::Override { level },
        }
    }
}

/// What a share was earned with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SaleSource {
    Code,
    Subscription,
    Payment,
}

impl From<wire::SourceKind> for SaleSource {
    fn from(source: wire::SourceKind) -> Self {
        match source {
            wire::SourceKind::Code => Self::Code,
            wire::SourceKind::Subscription => Self::Subscription,
            wire::SourceKind::Payment => Self::Payment,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct EarningView {
    pub earning_id: String,
    pub company: String,
    /// Who sold; another company than `company` where the share is an upline's.
    pub seller: String,
    /// 0 is the seller's own share, 1 that of the reseller above it …
    pub level: u8,
    pub source: SaleSource,
    /// Serial of the code or user name of the account.
    pub reference: String,
    pub username: String,
    pub plan_name: String,
    pub price: AmountView,
    pub basis: RateBasis,
    /// Basis points, after the cap.
    pub rate: u16,
    pub rate_before_cap: u16,
    pub amount: AmountView,
    pub rules_version: u32,
    pub sold_at: i64,
    pub available_at: i64,
    pub state: EarningState,
    /// It is in a payout, from its request on.
    pub in_payout: bool,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reversed_at: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl From<wire::Earning> for EarningView {
    fn from(earning: wire::Earning) -> Self {
        Self {
            earning_id: earning.earning_id.to_string(),
            company: earning.company,
            seller: earning.seller,
            level: earning.level,
            source: earning.source.into(),
            reference: earning.reference,
            username: earning.username,
            plan_name: earning.plan_name,
            price: earning.price.into(),
            basis: earning.basis.into(),
            rate: earning.rate.value(),
            rate_before_cap: earning.rate_before_cap.value(),
            amount: earning.amount.into(),
            rules_version: earning.rules_version,
            sold_at: earning.sold_at.0,
            available_at: earning.available_at.0,
            state: earning.state.into(),
            in_payout: earning.payout_id.is_some(),
            reversed_at: earning.reversed_at.map(|at| at.0),
            reason: earning.reason,
        }
    }
}

/// Where the commission of a reseller stands.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CommissionBalances {
    pub pending: AmountView,
    pub available: AmountView,
    pub on_the_way: AmountView,
    pub paid: AmountView,
    /// Taken back and not yet made up for.
    pub owed: AmountView,
}

impl From<wire::CommissionBalances> for CommissionBalances {
    fn from(balances: wire::CommissionBalances) -> Self {
        Self {
            pending: balances.pending.into(),
            available: balances.available.into(),
            on_the_way: balances.on_the_way.into(),
            paid: balances.paid.into(),
            owed: balances.owed.into(),
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct EarningsPage {
    pub company: String,
    pub settlement_mode: SettlementMode,
    pub balances: CommissionBalances,
    pub hold_days: u16,
    pub minimum_payout: AmountView,
    /// A payout is on its way: one at a time.
    pub payout_open: bool,
    pub rows: Vec<EarningView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl From<wire::Earnings> for EarningsPage {
    fn from(page: wire::Earnings) -> Self {
        let unit = page.balances.available.unit().to_string();
        Self {
            company: page.company,
            settlement_mode: page.settlement_mode.into(),
            hold_days: page.terms.hold_days,
            minimum_payout: AmountView { value: page.terms.minimum_payout, unit },
            payout_open: page.open_payout.is_some(),
            balances: page.balances.into(),
            rows: page.items.into_iter().map(EarningView::from).collect(),
            next: page.next,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct TierView {
    pub from_accounts: u32,
    /// Basis points.
    pub rate: u16,
}

/// Rates are in basis points.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RulesView {
    pub version: u32,
    pub code_rate: u16,
    pub tiers: Vec<TierView>,
    pub override_rate: u16,
    pub override_levels: u8,
    pub cap: u16,
}

impl From<domain::CommissionRules> for RulesView {
    fn from(rules: domain::CommissionRules) -> Self {
        let tier = |tier: &domain::Tier| TierView { from_accounts: tier.from_accounts, rate: tier.rate.value() };
        Self {
            version: rules.version,
            code_rate: rules.code_rate.value(),
            tiers: rules.tiers.iter().map(tier).collect(),
            override_rate: rules.override_rate.value(),
            override_levels: rules.override_levels,
            cap: rules.cap.value(),
        }
    }
}

/// A posting of an earning.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct EarningEvent {
    pub source_event: String,
    pub kind: String,
    pub amount: AmountView,
    pub at: i64,
}

/// One earning with all that explains it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct EarningDetailView {
    pub earning: EarningView,
    pub rules: RulesView,
    /// Resellers above the seller when it was sold.
    pub uplines: u8,
    /// The seller's own rate then, basis points.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed_rate: Option<u16>,
    pub events: Vec<EarningEvent>,
    /// What this machine makes of the same facts; absent where they give no share.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recomputed: Option<AmountView>,
    /// It is the same in every part.
    pub agrees: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CommissionTotals {
    pub payments: u32,
    pub revenue: AmountView,
    pub own: AmountView,
    pub overrides: AmountView,
    pub earned: AmountView,
    pub reversed: AmountView,
}

impl From<wire::CommissionTotals> for CommissionTotals {
    fn from(totals: wire::CommissionTotals) -> Self {
        Self {
            payments: count(totals.payments),
            revenue: totals.revenue.into(),
            own: totals.own.into(),
            overrides: totals.overrides.into(),
            earned: totals.earned.into(),
            reversed: totals.reversed.into(),
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ReportAccountView {
    pub account_id: String,
    pub username: String,
    pub payments: u32,
    pub revenue: AmountView,
    pub commission: AmountView,
}

/// The sums of a period; its lines are the earnings themselves, or in the file.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CommissionReportView {
    pub start_date: String,
    pub end_date: String,
    pub totals: CommissionTotals,
    pub accounts: Vec<ReportAccountView>,
}

impl From<wire::CommissionReport> for CommissionReportView {
    fn from(report: wire::CommissionReport) -> Self {
        let account = |account: wire::ReportAccount| ReportAccountView {
            account_id: account.account_id.to_string(),
            username: account.username,
            payments: count(account.payments),
            revenue: account.revenue.into(),
            commission: account.commission.into(),
        };
        Self {
            start_date: report.start_date,
            end_date: report.end_date,
            totals: report.totals.into(),
            accounts: report.accounts.into_iter().map(account).collect(),
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ResellerCommissionView {
    pub reseller_id: String,
    pub company: String,
    pub settlement_mode: SettlementMode,
    pub totals: CommissionTotals,
    pub balances: CommissionBalances,
}

impl From<wire::ResellerCommission> for ResellerCommissionView {
    fn from(row: wire::ResellerCommission) -> Self {
        Self {
            reseller_id: row.reseller_id.to_string(),
            company: row.company,
            settlement_mode: row.settlement_mode.into(),
            totals: row.totals.into(),
            balances: row.balances.into(),
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CommissionsPage {
    pub rows: Vec<ResellerCommissionView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RuleVersionView {
    pub rules: RulesView,
    pub hold_days: u16,
    pub minimum_payout: AmountView,
    /// Absent: what every operator starts with.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_at: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_by: Option<String>,
    pub note: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RuleBookView {
    pub now: RuleVersionView,
    /// All versions, the last to begin first.
    pub history: Vec<RuleVersionView>,
    /// Sales whose shares are not posted yet, and why one of them cannot be.
    pub waiting: u32,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

impl From<wire::RuleBook> for RuleBookView {
    fn from(book: wire::RuleBook) -> Self {
        let view = |version: wire::RuleVersion| RuleVersionView {
            rules: version.rules.into(),
            hold_days: version.terms.hold_days,
            minimum_payout: AmountView { value: version.terms.minimum_payout, unit: book.currency.clone() },
            valid_from: version.valid_from.map(|at| at.0),
            set_at: version.set_at.map(|at| at.0),
            set_by: version.set_by,
            note: version.note,
        };
        Self {
            now: view(book.now),
            history: book.history.into_iter().map(view).collect(),
            waiting: count(book.waiting),
            trouble: book.trouble,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PayoutView {
    pub payout_id: String,
    pub company: String,
    pub amount: AmountView,
    /// What the earnings in it come to; more than the amount where a debt was taken off.
    pub earned: AmountView,
    pub earnings: u32,
    pub description: String,
    pub method: PayoutMethod,
    pub destination: String,
    pub state: PayoutState,
    pub asked_at: i64,
    pub asked_by: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl From<payouts::Payout> for PayoutView {
    fn from(payout: payouts::Payout) -> Self {
        Self {
            payout_id: payout.payout_id.to_string(),
            company: payout.company,
            amount: payout.amount.into(),
            earned: payout.earned.into(),
            earnings: count(payout.earnings),
            description: payout.description,
            method: payout.method.into(),
            destination: payout.destination,
            state: payout.state.into(),
            asked_at: payout.asked_at.0,
            asked_by: payout.asked_by,
            approved_at: payout.approved_at.map(|at| at.0),
            sent_at: payout.sent_at.map(|at| at.0),
            reference: payout.reference,
            ended_at: payout.ended_at.map(|at| at.0),
            changed_by: payout.changed_by,
            reason: payout.reason,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PayoutsPage {
    pub rows: Vec<PayoutView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

fn count(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
