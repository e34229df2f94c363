//! Dashboards of a reseller and of the operator.
//!
//! Nothing is summed over codes or accounts when somebody looks. Triggers note each sale, void, activation and change of an
//! account beside the rows themselves, in the transaction of the change (`statistic_waiting`); whoever counts ([`count`], every
//! process, every two seconds) adds the notes to sums by month and by last day of service, for the reseller and for the
//! operator. A dashboard reads some hundred rows of these sums, whatever is behind them. It says how many notes are not
//! counted yet; what each figure means stands with the shapes in `wire`.
//!
//! Whether an account is active is no event: the day comes. So accounts are counted by status and last day, and what is
//! active today is a sum over the days from today on.

mod calendar;
mod count;
mod figures;
mod overview;
mod repo;
mod shop;

pub use count::{run as run_counting, run_once as run_counting_once};
pub(crate) use overview::overview;
pub(crate) use shop::dashboard;
