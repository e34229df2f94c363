//! Earnings, and what explains one.

use counterfoil_domain::commission as domain;
use counterfoil_wire::commission as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::RulesView;
use crate::api::admin::SettlementMode;
use crate::api::types::AmountView;

words! {
    EarningState { Pending, Available, Paid, Reversed }
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
