//! Reports: figures of a period as a table, one shape for all of them. Words are for whoever shows it: a report has keys.
//!
//! What revenue, used and activated mean stands with the dashboards, whose sums most reports read. Amounts of several
//! currencies stand in rows of their own and are never added together.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What is asked: the last four of a reseller, all others of the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ReportName {
    /// What each plan brought.
    RevenueByPlan,
    /// What each reseller sold and earned, and the accounts it has now.
    Resellers,
    /// Codes by month and plan, and what became of them.
    CodeUsage,
    /// Payouts by the moment they were asked for.
    Payouts,
    /// Accounts of each reseller by how they stand now.
    Subscriptions,
    /// Sales and revenue of each month.
    MonthlyRevenue,
    /// What sales took from wallets in each month, and what came back.
    CreditUsage,
    /// Accounts made, and resellers that came and that sold, in each month.
    Growth,
    /// What each reseller earned of its sales and of those below it.
    Commission,
    /// What customers paid, by day.
    Payments,
    /// Figures that say how the whole stands.
    Kpis,
    /// What each plan's accounts of today come to in thirty days.
    RecurringRevenue,
    /// Accounts that ended and were not renewed, for those that were active, by month.
    Churn,
    /// Attempts to write accounts to their portals, by month.
    PortalWrites,
    /// What recurred in months that are over, by plan, and how that is known.
    RecurringByMonth,
    /// How bringing accounts to their portals came out, by month and portal.
    PortalJobs,
    /// A reseller's sales by month and plan.
    Sales,
    /// A reseller's earnings, each with its calculation.
    Earnings,
    /// Who bought from a reseller.
    Customers,
    /// Codes sold and activated, by month and plan.
    ActivationRate,
}

impl ReportName {
    pub const ALL: [Self; 20] = [
        Self::RevenueByPlan,
        Self::Resellers,
        Self::CodeUsage,
        Self::Payouts,
        Self::Subscriptions,
        Self::MonthlyRevenue,
        Self::CreditUsage,
        Self::Growth,
        Self::Commission,
        Self::Payments,
        Self::Kpis,
        Self::RecurringRevenue,
        Self::Churn,
        Self::PortalWrites,
        Self::RecurringByMonth,
        Self::PortalJobs,
        Self::Sales,
        Self::Earnings,
        Self::Customers,
        Self::ActivationRate,
    ];

    /// As it stands in the path.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RevenueByPlan => "revenue-by-plan",
            Self::Resellers => "resellers",
            Self::CodeUsage => "code-usage",
            Self::Payouts => "payouts",
            Self::Subscriptions => "subscriptions",
            Self::MonthlyRevenue => "monthly-revenue",
            Self::CreditUsage => "credit-usage",
            Self::Growth => "growth",
            Self::Commission => "commission",
            Self::Payments => "payments",
            Self::Kpis => "kpis",
            Self::RecurringRevenue => "recurring-revenue",
            Self::Churn => "churn",
            Self::PortalWrites => "portal-writes",
            Self::RecurringByMonth => "recurring-by-month",
            Self::PortalJobs => "portal-jobs",
            Self::Sales => "sales",
            Self::Earnings => "earnings",
            Self::Customers => "customers",
            Self::ActivationRate => "activation-rate",
        }
    }

    pub fn from_path(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }

    /// A reseller's; all others are the operator's.
    pub const fn is_of_reseller(self) -> bool {
        matches!(self, Self::Sales | Self::Earnings | Self::Customers | Self::ActivationRate)
    }
}

/// A page of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Report {
    pub name: ReportName,
    /// When this page was read.
    pub as_of: Timestamp,
    /// The operator's, in which days and months begin.
    pub time_zone: String,
    /// What it is about; absent where it says how things stand now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<ReportPeriod>,
    /// Sales and changes that are not counted in it yet; 10,000 is that many or more.
    pub waiting: u64,
    pub columns: Vec<Column>,
    /// Each as long as `columns`. A reseller with sales in several currencies has a row for each, so a page may be longer
    /// than was asked for.
    pub rows: Vec<Vec<Cell>>,
    /// Of the whole report and not of the page, on its first page only: a row for each currency, empty where a column has no
    /// sum. Absent where nothing can be summed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub totals: Vec<Vec<Cell>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Both days are in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportPeriod {
    /// `2026-11-01`
    pub start_date: String,
    pub end_date: String,
    /// It is counted by months, so the days are the first and the last of a month, whatever was asked for.
    pub whole_months: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Column {
    /// Unique in its report.
    pub key: String,
    pub kind: ColumnKind,
}

/// What the cells of a column hold, where they are not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ColumnKind {
    Text,
    Word,
    Count,
    Amount,
    Percent,
    Day,
    Moment,
    Month,
    /// Any of the others: each row says.
    Figure,
}

/// One value, typed: nobody has to guess what a text means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Cell {
    Empty,
    /// As somebody wrote it.
    Text(String),
    /// One of a known set, such as a state.
    Word(String),
    Count(i64),
    Amount(Amount),
    /// Basis points.
    Percent(i64),
    /// Hundredths.
    Ratio(i64),
    /// `2026-11-22`
    Day(String),
    Moment(Timestamp),
    /// `2026-11`
    Month(String),
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ReportQuery {
    /// `2026-12-01`, in the operator's zone. Absent: the first of this month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    /// The last day of the period. Absent: today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// 1 to 500; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_the_path_is_the_name_in_json() {
        for name in ReportName::ALL {
            assert_eq!(serde_json::to_value(name).expect("plain"), name.as_str());
            assert_eq!(ReportName::from_path(name.as_str()), Some(name));
        }
        assert_eq!(ReportName::from_path("overview"), None);
    }
}
