//! Price lists: which plans a reseller may sell, and at what price.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::PriceId;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::plans::Plan;

/// One plan in a reseller's price list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanPrice {
    /// As it is without a price list.
    pub plan: Plan,
    /// Whether the reseller may sell it now.
    pub allowed: bool,
    /// What the reseller sells it for, if it may.
    pub price: Amount,
    /// In force now; absent where the plan decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<PriceEntry>,
    /// The first to begin after now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<PriceEntry>,
}

/// One entry of a price list. It is never changed: a correction is a later entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceEntry {
    pub price_id: PriceId,
    pub allowed: bool,
    /// Absent: the plan's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Amount>,
    /// It holds from then on, until the next one that begins.
    pub valid_from: Timestamp,
    pub set_at: Timestamp,
    /// User name of the member of staff.
    pub set_by: String,
    pub note: String,
}

/// What a price list said about one plan, and what it will say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceHistory {
    pub now: PlanPrice,
    /// The last to begin first; at most 500.
    pub history: Vec<PriceEntry>,
}

/// Adds an entry, from now or from a day to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetPrice {
    /// Minted by the caller: a repeat is answered like the first.
    pub price_id: PriceId,
    pub allowed: bool,
    /// In the operator's currency. Absent: the plan's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Amount>,
    /// `2026-12-01`: from the beginning of that day in the operator's zone, which must be to come. Absent: from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_day: Option<String>,
    /// Up to 500 characters.
    pub note: String,
}
