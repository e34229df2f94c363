//! Plans.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::PlanId;
use counterfoil_domain::plan::{PlanKind, PlanStatus};
use counterfoil_domain::price_list::SoldBy;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Plan {
    pub plan_id: PlanId,
    /// Counts the edits; leases pin one.
    pub version: u32,
    pub name: String,
    pub kind: PlanKind,
    /// In the operator's currency. To a reseller: what it sells the plan for.
    pub price: Amount,
    pub term_days: u16,
    pub features: Vec<String>,
    pub status: PlanStatus,
    /// Who sells it where a reseller's price list says nothing.
    #[serde(default)]
    pub sold_by: SoldBy,
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
    /// Absent: as it is; of a new plan, everyone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sold_by: Option<SoldBy>,
}
