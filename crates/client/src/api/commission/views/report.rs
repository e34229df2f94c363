//! Commission by period.

use counterfoil_wire::commission as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CommissionBalances, count};
use crate::api::admin::SettlementMode;
use crate::api::types::AmountView;

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CommissionTotals {
    pub payments: u32,
    pub revenue: AmountView,
    pub own: AmountView,
    pub overrides: AmountView,
    pub earned: AmountView,
    pub reversed: AmountView,
}

impl From<wire::CommissionTotals> for CommissionTotals {
    fn from(totals: wire::CommissionTotals) -> Self {
        Self {
            payments: count(totals.payments),
            revenue: totals.revenue.into(),
            own: totals.own.into(),
            overrides: totals.overrides.into(),
            earned: totals.earned.into(),
            reversed: totals.reversed.into(),
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ReportAccountView {
    pub account_id: String,
    pub username: String,
    pub payments: u32,
    pub revenue: AmountView,
    pub commission: AmountView,
}

/// The sums of a period; its lines are the earnings themselves, or in the file.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CommissionReportView {
    pub start_date: String,
    pub end_date: String,
    pub totals: CommissionTotals,
    pub accounts: Vec<ReportAccountView>,
}

impl From<wire::CommissionReport> for CommissionReportView {
    fn from(report: wire::CommissionReport) -> Self {
        let account = |account: wire::ReportAccount| ReportAccountView {
            account_id: account.account_id.to_string(),
            username: account.username,
            payments: count(account.payments),
            revenue: account.revenue.into(),
            commission: account.commission.into(),
        };
        Self {
            start_date: report.start_date,
            end_date: report.end_date,
            totals: report.totals.into(),
            accounts: report.accounts.into_iter().map(account).collect(),
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ResellerCommissionView {
    pub reseller_id: String,
    pub company: String,
    pub settlement_mode: SettlementMode,
    pub totals: CommissionTotals,
    pub balances: CommissionBalances,
}

impl From<wire::ResellerCommission> for ResellerCommissionView {
    fn from(row: wire::ResellerCommission) -> Self {
        Self {
            reseller_id: row.reseller_id.to_string(),
            company: row.company,
            settlement_mode: row.settlement_mode.into(),
            totals: row.totals.into(),
            balances: row.balances.into(),
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CommissionsPage {
    pub rows: Vec<ResellerCommissionView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
