//! Dashboards of a reseller and of the operator, and statistics of one plan and of one reseller.
//!
//! Nothing is summed over codes or accounts when somebody looks. Triggers note each sale, void, activation and change of an
//! account beside the rows themselves, in the transaction of the change (`statistic_waiting`); whoever counts ([`count`], every
//! process, every two seconds) adds the notes to sums by month and by last day of service, for the reseller and for the
//! operator. A dashboard reads some hundred rows of these sums, whatever is behind them. It says how many notes are not
//! counted yet; what each figure means stands with the shapes in `wire`.
//!
//! Whether an account is active is no event: the day comes. So accounts are counted by status and last day, and what is
//! active today is a sum over the days from today on. What recurs is such a sum by plan as well. Who left is told by the same
//! sums when the time for a renewal is over ([`close`]), and stands from then on.

mod calendar;
mod churn;
mod close;
mod count;
mod customers;
mod figures;
mod jobs;
mod months;
mod overview;
mod plan;
mod recurring;
mod repo;
mod shop;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::OperatorId;

use crate::dialect::Conn;

pub(crate) use calendar::{month_of, zone_of};
pub(crate) use churn::{MonthChurn, churn, portal_writes};
pub use count::{run as run_counting, run_once as run_counting_once};
pub(crate) use figures::accounts_at;
pub(crate) use jobs::of_months as portal_jobs;
pub(crate) use months::by_plan as recurring_by_month;
pub(crate) use overview::overview;
pub(crate) use plan::statistics as of_plan;
pub(crate) use recurring::recurring;
pub(crate) use shop::{dashboard, statistics as of_reseller};

/// How many notes are not counted yet.
pub(crate) async fn waiting(conn: &mut Conn, operator: OperatorId) -> Result<u64, Failure> {
    Ok(repo::waiting(conn, operator).await?.unsigned_abs())
}
