//! Plans.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::PlanId;
use counterfoil_domain::plan::{PlanKind, PlanStatus};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Plan {
    pub plan_id: PlanId,
    /// Counts the edits; leases pin one.
    pub version: u32,
    pub name: String,
    pub kind: PlanKind,
    /// In the operator's currency.
    pub price: Amount,
    pub term_days: u16,
    pub features: Vec<String>,
    pub status: PlanStatus,
}

/// Create (no `version`) or edit (`version` as it was read).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavePlan {
    /// Minted by the caller.
    pub plan_id: PlanId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    pub name: String,
    pub kind: PlanKind,
    pub price: Amount,
    pub term_days: u16,
    pub features: Vec<String>,
    pub status: PlanStatus,
}
