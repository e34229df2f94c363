//! What the sales of a period would have earned by other rules and rates. Nothing is written.

use counterfoil_domain::amount::{Amount, BasisPoints};
use counterfoil_domain::commission::{CommissionRate, Tier};
use counterfoil_domain::ids::ResellerId;
use serde::{Deserialize, Serialize};

/// Rules that are only thought of: what [`SetRules`](crate::commission::SetRules) says of shares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposedRules {
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
}

/// A rate that is only thought of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposedRate {
    pub reseller_id: ResellerId,
    pub rate: CommissionRate,
}

/// Replays the sales of a period, a part at a time: the same again with the `next` of the answer before as `after`.
///
/// Replayed is what was posted and stands: every sale whose seller's share is in the tables, also one of nothing. Left out
/// is what was taken back, what waits to be posted, and what never was to earn: sales of wholesale resellers, free ones, and
/// those from before commission was kept. A sale keeps the facts of its day: its price, the seller's active accounts then,
/// who stood above it, and the rate agreed with the seller then, where `rates` names no other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimulateCommission {
    /// `2026-12-01`, in the operator's zone.
    pub start_date: String,
    /// The last day of the period.
    pub end_date: String,
    /// Absent: those in force now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<ProposedRules>,
    /// For sellers that would have another rate than they had; at most 1,000.
    #[serde(default)]
    pub rates: Vec<ProposedRate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// One part of the replay. Sums of parts are added up by whoever asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimulatedPart {
    /// Of every amount; three capital letters.
    pub currency: String,
    /// Sales of the whole period; in the first part only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Sales of this part.
    pub sales: u64,
    /// Those of them of which everybody would have earned the same.
    pub same: u64,
    /// Who earned, or would have earned, of the sales of this part.
    pub resellers: Vec<SimulatedReseller>,
    /// Absent: this was the last part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What one reseller earned of the sales of a part, and what it would have earned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimulatedReseller {
    pub reseller_id: ResellerId,
    pub company: String,
    /// Its own.
    pub sales: u64,
    /// Those of them of which everybody would have earned the same.
    pub same: u64,
    /// Its share of its own sales, as it was posted.
    pub own_then: Amount,
    /// As it would have been.
    pub own_now: Amount,
    /// What it earned from those below it.
    pub overrides_then: Amount,
    pub overrides_now: Amount,
}
