//! Commission: what a reseller earns of a sale, why, and how it gets it.
//!
//! A sale says in its own transaction that its shares are due ([`due`]); whoever posts them ([`accrual`]) does so behind it,
//! once, by the rate and the rules of the moment of the sale. Both are only ever added to, and what else counts stands with
//! the sale, so a share posted late is the same. Nothing that is wrong with them keeps a customer from service.
//!
//! What is earned moves through books of its own ([`books`]): pending, available, on its way, paid. Whatever changes an
//! earning holds the books of the reseller whose it is, before anything else of commission.

mod accrual;
mod books;
mod bulk_rates;
mod due;
mod earnings;
mod rates;
mod release;
mod repo;
mod report;
mod reversal;
mod rules;
mod simulation;
mod worker;

pub(crate) mod payouts;

pub(crate) use books::earned_and_pending;
pub(crate) use bulk_rates::set_many;
pub(crate) use due::{SoldService, owe_for_codes, owe_for_service};
pub(crate) use earnings::{Posted, Viewer, detail, list, posted};
#[cfg(test)]
pub(crate) use rates::rate_at;
pub(crate) use rates::{NewRate, add, rates, set};
pub(crate) use release::release;
#[cfg(test)]
pub(crate) use release::release_in_parts;
pub(crate) use repo::due::{Due, New as NewDue};
pub(crate) use repo::earnings::New as NewEarning;
pub(crate) use report::{Period, overview, report, sums_of, sums_of_all};
pub(crate) use reversal::{reverse, take_back_sale};
pub(crate) use rules::{book, set_rules};
pub(crate) use simulation::{Part, simulate};
pub use worker::{run as run_accruals, run_once as run_accruals_once};
