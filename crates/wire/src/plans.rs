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
    /// A trial: nobody pays for it, and each reseller may give it so often in a month of the operator's zone. Absent: an
    /// ordinary plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trials_a_month: Option<u16>,
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
    /// 1 to 1,000 makes it a trial, of no price and at most 31 days; 0 an ordinary plan. Absent: as it is; of a new plan, 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trials_a_month: Option<u16>,
}

/// A trial that a reseller may give, and how often it still may this month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrialAllowance {
    pub plan_id: PlanId,
    pub name: String,
    pub term_days: u16,
    pub a_month: u16,
    /// This month: codes that were not voided, and accounts that were given it without a code.
    pub given: u32,
    /// The first day of the next month, when counting begins anew: `2026-12-01`.
    pub again_on: String,
}
