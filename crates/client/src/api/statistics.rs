//! Statistics of one plan and of one reseller, for staff. They need Central.

use std::sync::Arc;

use counterfoil_wire::codes::CodeStats;
use counterfoil_wire::statistics as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::admin::{ResellerRef, SettlementMode};
use super::codes::StateCount;
use super::dashboard::{AccountFigures, CommissionFigures, ResellerRevenueView, RevenueTrendView};
use super::types::{AmountView, id};
use crate::{Client, dashboard as figures};

/// One plan.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PlanRef {
    pub plan_id: String,
}

/// A plan, of all resellers together.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PlanStatisticsView {
    pub plan_id: String,
    pub name: String,
    /// Unix ms.
    pub as_of: i64,
    /// In which months and days begin.
    pub time_zone: String,
    /// Sales and changes that are not counted yet; 10,000 is that many or more.
    pub waiting: u64,
    /// Only states that a code of the plan is in.
    pub codes: Vec<StateCount>,
    pub service: PlanServiceView,
    pub this_month: PlanMonthView,
    pub month_before: PlanMonthView,
    /// For each currency, the operator's first.
    pub revenue: Vec<RevenueTrendView>,
    /// By revenue of this month; at most five.
    pub top_resellers: Vec<ResellerRevenueView>,
}

/// Accounts that have service by the plan.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
pub struct PlanServiceView {
    pub running: u64,
    /// Of the running, those whose last day is today or one of the six days after it.
    pub ending_in_7_days: u64,
    /// Of the running, those whose last day is today or one of the 29 days after it.
    pub ending_in_30_days: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PlanMonthView {
    /// `2026-11`
    pub month: String,
    pub codes: u64,
    /// Service without a code, gifts aside.
    pub services: u64,
    pub voided: u64,
    pub activated: u64,
}

/// A reseller by itself; those below it are not in its figures.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ResellerStatisticsView {
    pub reseller_id: String,
    pub company: String,
    pub settlement_mode: SettlementMode,
    /// Unix ms.
    pub as_of: i64,
    /// In which months and days begin.
    pub time_zone: String,
    /// Sales and changes that are not counted yet; 10,000 is that many or more.
    pub waiting: u64,
    pub accounts: AccountFigures,
    /// Only states that one of its codes is in.
    pub codes: Vec<StateCount>,
    /// What sales of this month took from the wallet, for each unit.
    pub used: Vec<AmountView>,
    /// For each currency, the operator's first.
    pub revenue: Vec<RevenueTrendView>,
    /// Absent where nothing was ever earned and its own sales earn nothing.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commission: Option<CommissionFigures>,
    /// Unix ms; absent where nobody ever signed in.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_login_at: Option<i64>,
    /// Members who may sign in.
    pub members: u64,
    /// Devices that are not retired.
    pub devices: u64,
}

/// A plan's statistics.
pub async fn plan_statistics(client: &Arc<Client>, request: PlanRef) -> Result<PlanStatisticsView, ApiError> {
    let shown = figures::of_plan(&*client.till()?, id(&request.plan_id)?).await?;
    let wire::PlanService { running, ending_in_7_days, ending_in_30_days } = shown.service;
    Ok(PlanStatisticsView {
        plan_id: shown.plan_id.to_string(),
        name: shown.name,
        as_of: shown.as_of.0,
        time_zone: shown.time_zone,
        waiting: shown.waiting,
        codes: codes(shown.codes),
        service: PlanServiceView { running, ending_in_7_days, ending_in_30_days },
        this_month: shown.this_month.into(),
        month_before: shown.month_before.into(),
        revenue: shown.revenue.into_iter().map(Into::into).collect(),
        top_resellers: shown.top_resellers.into_iter().map(Into::into).collect(),
    })
}

/// A reseller's statistics.
pub async fn reseller_statistics(
    client: &Arc<Client>,
    request: ResellerRef,
) -> Result<ResellerStatisticsView, ApiError> {
    let shown = figures::of_reseller(&*client.till()?, id(&request.reseller_id)?).await?;
    Ok(ResellerStatisticsView {
        reseller_id: shown.reseller_id.to_string(),
        company: shown.company,
        settlement_mode: shown.settlement_mode.into(),
        as_of: shown.as_of.0,
        time_zone: shown.time_zone,
        waiting: shown.waiting,
        accounts: shown.accounts.into(),
        codes: codes(shown.codes),
        used: shown.used.into_iter().map(Into::into).collect(),
        revenue: shown.revenue.into_iter().map(Into::into).collect(),
        commission: shown.commission.map(Into::into),
        last_login_at: shown.last_login_at.map(|at| at.0),
        members: shown.members,
        devices: shown.devices,
    })
}

fn codes(stats: CodeStats) -> Vec<StateCount> {
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    stats.by_state.into_iter().map(|of| StateCount { state: of.state.into(), count: count(of.count) }).collect()
}

impl From<wire::PlanMonth> for PlanMonthView {
    fn from(month: wire::PlanMonth) -> Self {
        let wire::PlanMonth { month, codes, services, voided, activated } = month;
        Self { month, codes, services, voided, activated }
    }
}
