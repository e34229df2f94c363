//! Commission: the rates of a reseller and the rules of the operator, with their history; what is earned, explained.

use counterfoil_domain::amount::{Amount, BasisPoints};
use counterfoil_domain::commission::{
    CommissionRate, CommissionRules, EarningState, PayTerms, RateBasis, SaleFacts, Tier,
};
use counterfoil_domain::ids::{AccountId, CommissionRuleId, EarningId, PayoutId, RateId, ResellerId};
use counterfoil_domain::ledger::TransferKind;
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One entry in the history of a reseller's rate. It is never changed: a correction is a later entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResellerRate {
    pub rate_id: RateId,
    pub rate: CommissionRate,
    /// It holds from then on, until the next one that begins.
    pub valid_from: Timestamp,
    pub set_at: Timestamp,
    /// User name of the member of staff; absent when a program did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_by: Option<String>,
    pub note: String,
}

/// A reseller's rates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResellerRates {
    /// In force now; a reseller with no entry is paid by tier.
    pub now: CommissionRate,
    /// All entries, the last to begin first; at most 500.
    pub history: Vec<ResellerRate>,
}

/// Sets a rate, from now or from a day to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetRate {
    /// Minted by the caller: a repeat is answered like the first.
    pub rate_id: RateId,
    pub rate: CommissionRate,
    /// `2026-12-01`: from the beginning of that day in the operator's zone, which must be to come. Absent: from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_day: Option<String>,
    /// Up to 500 characters.
    pub note: String,
}

/// One version of an operator's rules. It is never changed: a correction is a later version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleVersion {
    /// Absent: what every operator starts with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule_id: Option<CommissionRuleId>,
    pub rules: CommissionRules,
    pub terms: PayTerms,
    /// It holds for sales from then on, until the next one that begins. Absent: from ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_at: Option<Timestamp>,
    /// User name of the member of staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_by: Option<String>,
    pub note: String,
}

/// An operator's rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleBook {
    /// Of every amount of commission; three capital letters.
    pub currency: String,
    /// In force now.
    pub now: RuleVersion,
    /// All versions, the last to begin first; at most 200.
    pub history: Vec<RuleVersion>,
    /// Sales whose shares are not posted yet.
    pub waiting: u64,
    /// Why one of them cannot be; it is tried again by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// Sets rules, for sales from now on or from a day to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetRules {
    /// Minted by the caller: a repeat is answered like the first.
    pub rule_id: CommissionRuleId,
    /// Of codes, for who has no rate of its own.
    pub code_rate: BasisPoints,
    /// Of payments, by the seller's active accounts; the first begins at none.
    pub tiers: Vec<Tier>,
    /// Of each upline, of the price.
    pub override_rate: BasisPoints,
    /// Uplines that earn, from the seller up; 0 to 5.
    pub override_levels: u8,
    /// All shares of one sale together never pass it.
    pub cap: BasisPoints,
    pub terms: PayTerms,
    /// `2026-12-01`: from the beginning of that day in the operator's zone, which must be to come. Absent: from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_day: Option<String>,
    /// Up to 500 characters.
    pub note: String,
}

/// What a share was earned with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SourceKind {
    /// A code was activated.
    Code,
    /// Service was sold to an account without a code.
    Subscription,
    /// A customer paid for service that nobody sold here.
    Payment,
}

impl SourceKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Subscription => "subscription",
            Self::Payment => "payment",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        [Self::Code, Self::Subscription, Self::Payment].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// One share of one sale: `amount = half up (price × rate ÷ 10,000)`, or less where all shares would pass the cap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Earning {
    pub earning_id: EarningId,
    /// Whose it is.
    pub reseller_id: ResellerId,
    pub company: String,
    /// Who sold.
    pub seller_id: ResellerId,
    pub seller: String,
    /// 0 is the seller's own share, 1 that of the reseller above it …
    pub level: u8,
    pub source: SourceKind,
    /// The code, the subscription or the payment.
    pub source_id: Uuid,
    /// Serial of the code or user name of the account, for people.
    pub reference: String,
    pub account_id: AccountId,
    /// User name of the account that has the service.
    pub username: String,
    pub plan_name: String,
    pub price: Amount,
    /// Where the rate comes from, with the evidence of a tier.
    pub basis: RateBasis,
    /// After the cap.
    pub rate: BasisPoints,
    pub rate_before_cap: BasisPoints,
    pub amount: Amount,
    pub rules_version: u32,
    pub facts: SaleFacts,
    pub sold_at: Timestamp,
    pub available_at: Timestamp,
    pub state: EarningState,
    /// The payout that has it, from its request on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payout_id: Option<PayoutId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reversed_at: Option<Timestamp>,
    /// Why it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Where the commission of a reseller stands: balances of its books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommissionBalances {
    /// Held back for a while.
    pub pending: Amount,
    /// To be had in a payout.
    pub available: Amount,
    /// In a payout that is not confirmed.
    pub on_the_way: Amount,
    pub paid: Amount,
    /// Taken back after it was available, and not yet made up for by later earnings. Not below zero.
    pub owed: Amount,
}

/// A reseller's earnings: where they stand, and a page of them, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Earnings {
    pub reseller_id: ResellerId,
    pub company: String,
    /// Of its own sales from now on. Who sells wholesale earns from those below it only.
    pub settlement_mode: SettlementMode,
    pub balances: CommissionBalances,
    /// For payouts and sales of now.
    pub terms: PayTerms,
    /// A payout that is asked for and not confirmed: one at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_payout: Option<PayoutId>,
    pub items: Vec<Earning>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct EarningsQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<EarningState>,
}

/// One earning with all that explains it: whoever has it can compute it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EarningDetail {
    pub earning: Earning,
    /// The version that was in force when it was sold.
    pub rules: CommissionRules,
    /// What was posted for it, in order.
    pub events: Vec<EarningEvent>,
}

/// A posting of an earning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EarningEvent {
    /// Unique in the ledger.
    pub source_event: String,
    pub kind: TransferKind,
    pub amount: Amount,
    pub at: Timestamp,
}

/// Takes back all shares of the sale behind an earning, its seller's and its uplines'.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReverseEarning {
    /// The resellers read it; 1 to 200 characters.
    pub reason: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct PeriodQuery {
    /// `2026-12-01`, in the operator's zone. Absent: the first of this month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    /// The last day of the period. Absent: today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
}

/// Sums of a period. What was taken back since is not in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommissionTotals {
    /// Its own sales that stand.
    pub payments: u64,
    /// What they came to.
    pub revenue: Amount,
    /// Its share of them.
    pub own: Amount,
    /// What it earned from those below it.
    pub overrides: Amount,
    /// Both.
    pub earned: Amount,
    /// Taken back; in none of the others.
    pub reversed: Amount,
}

/// The commission of one reseller in a period, with the calculation of each line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommissionReport {
    pub reseller_id: ResellerId,
    pub company: String,
    pub settlement_mode: SettlementMode,
    /// Its rate now.
    pub rate: CommissionRate,
    pub start_date: String,
    pub end_date: String,
    pub time_zone: String,
    pub totals: CommissionTotals,
    /// By what they paid, the most first; at most 1,000.
    pub accounts: Vec<ReportAccount>,
    /// The newest first; at most 5,000.
    pub lines: Vec<Earning>,
    /// Lines that are not among them: choose a shorter period.
    pub left_out: u64,
}

/// What one account paid to the reseller in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportAccount {
    pub account_id: AccountId,
    pub username: String,
    pub payments: u64,
    pub revenue: Amount,
    pub commission: Amount,
}

/// What one reseller earned in a period, and where its commission stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResellerCommission {
    pub reseller_id: ResellerId,
    pub company: String,
    pub settlement_mode: SettlementMode,
    pub totals: CommissionTotals,
    pub balances: CommissionBalances,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct CommissionsQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Part of a company's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// As in the report of one reseller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
}
