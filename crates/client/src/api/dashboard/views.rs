//! The dashboards' figures as Central tells them, for the screen.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::dashboard as domain;
use counterfoil_wire::dashboard as wire;

use super::{
    AccountFigures, CommissionFigures, ConnectionsView, CustomerRevenueView, FiguresView, MonthFiguresView,
    PlanRevenueView, PortalJobsView, RecurringMonthView, RecurringSource, ResellerRevenueView, RevenueTrendView,
};
use crate::api::types::AmountView;

impl From<wire::CustomerRevenue> for CustomerRevenueView {
    fn from(one: wire::CustomerRevenue) -> Self {
        Self {
            email: one.email,
            account_id: one.account_id.map(|id| id.to_string()),
            username: one.username,
            paid: one.paid.into(),
            sales: one.sales,
            last_at: one.last_at.0,
        }
    }
}

impl From<wire::RecurringMonth> for RecurringMonthView {
    fn from(one: wire::RecurringMonth) -> Self {
        let source = match one.source {
            domain::RecurringSource::Counted => RecurringSource::Counted,
            domain::RecurringSource::Late => RecurringSource::Late,
            domain::RecurringSource::Rebuilt => RecurringSource::Rebuilt,
        };
        Self { month: one.month, amount: one.amount.into(), accounts: one.accounts, source }
    }
}

impl From<wire::PortalJobs> for PortalJobsView {
    fn from(one: wire::PortalJobs) -> Self {
        Self {
            portal_id: one.portal_id.to_string(),
            portal: one.portal,
            agreed: one.agreed,
            first_try: one.first_try,
            within_an_hour: one.within_an_hour,
            failed: one.failed,
        }
    }
}

pub(super) fn amounts(amounts: Vec<Amount>) -> Vec<AmountView> {
    amounts.into_iter().map(Into::into).collect()
}

impl From<wire::Figures> for FiguresView {
    fn from(figures: wire::Figures) -> Self {
        let plan = |row: wire::PlanRevenue| PlanRevenueView {
            plan_id: row.plan_id.to_string(),
            name: row.name,
            sales: row.sales,
            revenue: row.revenue.into(),
        };
        Self {
            as_of: figures.as_of.0,
            time_zone: figures.time_zone,
            waiting: figures.waiting,
            accounts: figures.accounts.into(),
            revenue: figures.revenue.into_iter().map(Into::into).collect(),
            activation_rate: figures.activation_rate,
            months: figures.months.into_iter().map(Into::into).collect(),
            plans: figures.plans.into_iter().map(plan).collect(),
            connections: figures.connections.map(|one| ConnectionsView { count: one.count, as_of: one.as_of.0 }),
        }
    }
}

impl From<wire::CommissionFigures> for CommissionFigures {
    fn from(commission: wire::CommissionFigures) -> Self {
        Self {
            this_month: commission.this_month.into(),
            lifetime: commission.lifetime.into(),
            pending: commission.pending.into(),
        }
    }
}

impl From<wire::ResellerRevenue> for ResellerRevenueView {
    fn from(row: wire::ResellerRevenue) -> Self {
        Self {
            reseller_id: row.reseller_id.to_string(),
            company: row.company,
            sales: row.sales,
            revenue: row.revenue.into(),
        }
    }
}

impl From<wire::AccountFigures> for AccountFigures {
    fn from(accounts: wire::AccountFigures) -> Self {
        let wire::AccountFigures { total, active, ending_soon, expired, suspended } = accounts;
        Self { total, active, ending_soon, expired, suspended }
    }
}

impl From<wire::MonthFigures> for MonthFiguresView {
    fn from(month: wire::MonthFigures) -> Self {
        Self {
            month: month.month,
            codes: month.codes,
            services: month.services,
            payments: month.payments,
            voided: month.voided,
            activated: month.activated,
            accounts: month.accounts,
            revenue: amounts(month.revenue),
            used: amounts(month.used),
            earned: amounts(month.earned),
        }
    }
}

impl From<wire::RevenueTrend> for RevenueTrendView {
    fn from(revenue: wire::RevenueTrend) -> Self {
        Self { this_month: revenue.this_month.into(), month_before: revenue.month_before.into(), trend: revenue.trend }
    }
}
