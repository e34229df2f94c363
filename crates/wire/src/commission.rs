//! Commission: the rates of a reseller, with their history.

use counterfoil_domain::commission::CommissionRate;
use counterfoil_domain::ids::RateId;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

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
