//! Codes from first sight on: listing, making them online, and what people do to them.

mod change;
mod family;
mod list;
mod record;
mod repo;

#[cfg(test)]
pub(crate) use change::expire_in_parts;
pub(crate) use change::{Change, VoidError, change, expire, void};
pub(crate) use family::{Family, Source};
pub(crate) use list::{list, stats, stats_of_plan, stats_of_reseller};
pub(crate) use record::{CodeRecord, code_records};
pub(crate) use repo::{any, find};
