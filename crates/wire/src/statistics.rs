//! Statistics of one plan and of one reseller. What sales and revenue are, and in which month they stand, is said at
//! [`crate::dashboard`]; both are read from the same sums. Codes are counted when somebody asks, as they are then.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{PlanId, ResellerId};
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::codes::CodeStats;
use crate::dashboard::{AccountFigures, CommissionFigures, ResellerRevenue, RevenueTrend};

/// A plan, of all resellers together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanStatistics {
    pub plan_id: PlanId,
    pub name: String,
    pub as_of: Timestamp,
    /// The operator's, in which months and days begin.
    pub time_zone: String,
    /// Sales and changes that are not counted yet; 10,000 is that many or more.
    pub waiting: u64,
    /// Only states that a code of the plan is in.
    pub codes: CodeStats,
    pub service: PlanService,
    pub this_month: PlanMonth,
    pub month_before: PlanMonth,
    /// For each currency, the operator's first.
    pub revenue: Vec<RevenueTrend>,
    /// By revenue with this plan this month in the operator's currency, the most first; at most five, and only who sold it
    /// this month or the month before.
    pub top_resellers: Vec<ResellerRevenue>,
}

/// Accounts that are switched on and have service by the plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanService {
    /// With service today.
    pub running: u64,
    /// Of these, those whose last day is today or one of the six days after it.
    pub ending_in_7_days: u64,
    /// Of these, those whose last day is today or one of the 29 days after it.
    pub ending_in_30_days: u64,
}

/// A month of a plan in the operator's zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanMonth {
    /// `2026-11`
    pub month: String,
    /// Codes sold.
    pub codes: u64,
    /// Accounts given service without a code, gifts aside.
    pub services: u64,
    /// Codes voided in the month, whenever they were sold.
    pub voided: u64,
    /// Codes activated in the month, whenever they were sold.
    pub activated: u64,
}

/// A reseller by itself: those below it are not in its figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResellerStatistics {
    pub reseller_id: ResellerId,
    pub company: String,
    pub settlement_mode: SettlementMode,
    pub as_of: Timestamp,
    /// The operator's, in which months and days begin.
    pub time_zone: String,
    /// Sales and changes that are not counted yet; 10,000 is that many or more.
    pub waiting: u64,
    pub accounts: AccountFigures,
    /// Only states that one of its codes is in.
    pub codes: CodeStats,
    /// What sales of this month took from the wallet, less what voids and expiry gave back; for each unit.
    pub used: Vec<Amount>,
    /// For each currency, the operator's first.
    pub revenue: Vec<RevenueTrend>,
    /// Absent where nothing was ever earned and its own sales earn nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commission: Option<CommissionFigures>,
    /// Of any of its members; absent where nobody ever signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_login_at: Option<Timestamp>,
    /// Members who may sign in.
    pub members: u64,
    /// Devices that are not retired.
    pub devices: u64,
}
