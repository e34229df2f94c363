//! One commission rate for many resellers.

use counterfoil_domain::commission::CommissionRate;
use counterfoil_domain::ids::{RateId, ResellerId};
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Who gets the rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChosenReseller {
    pub reseller_id: ResellerId,
    /// Minted by the caller: a repeat is answered like the first.
    pub rate_id: RateId,
}

/// Sets one rate for many resellers, from now or from a day to come: of all that are not refused, or of none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetRates {
    /// 1 to 1,000, each once.
    pub resellers: Vec<ChosenReseller>,
    pub rate: CommissionRate,
    /// `2026-12-01`: from the beginning of that day in the operator's zone, which must be to come. Absent: from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_day: Option<String>,
    /// Up to 500 characters; it stands with each of them.
    pub note: String,
    /// Only says what would be done.
    #[serde(default)]
    pub dry_run: bool,
}

/// What was done, or would be, for each reseller, in the order asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RatesSet {
    /// The new rate holds from then on.
    pub valid_from: Timestamp,
    pub rows: Vec<RateChange>,
}

/// Of one reseller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RateChange {
    pub reseller_id: ResellerId,
    /// What is known of it; absent where there is no such reseller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<KnownReseller>,
    /// Absent: the rate is set, or would be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<RateRefusal>,
}

/// A reseller before its rate changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownReseller {
    pub company: String,
    /// Who sells wholesale earns from those below it only, and has no use for a rate.
    pub settlement_mode: SettlementMode,
    /// In force now.
    pub now: CommissionRate,
}

/// Why a reseller keeps the rate it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RateRefusal {
    /// There is no such reseller.
    Unknown,
    /// It has this rate on that day already.
    Same,
}
