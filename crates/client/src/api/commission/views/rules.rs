//! The rules, with their versions.

use counterfoil_domain::commission as domain;
use counterfoil_wire::commission as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::count;
use crate::api::types::AmountView;

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
