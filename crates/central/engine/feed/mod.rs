//! The change feed: which row changed last in which version, in commit order.

mod digest;
mod pull;
mod repo;
mod rows;
mod stamp;
mod whole;

pub(crate) use digest::{count_uncounted, verify};
pub(crate) use pull::pull;
pub(crate) use stamp::stamp;
pub(crate) use whole::{Standing, Whole, changed_since, standing};

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::feed::FeedTable;
use uuid::Uuid;

use super::stored::stored;

fn table_no(table: FeedTable) -> i64 {
    i64::from(table.ordinal())
}

/// The table of a stored row.
fn table(table_no: i64, row: Uuid) -> Result<FeedTable, Failure> {
    let table = usize::try_from(table_no).ok().and_then(|at| FeedTable::ALL.get(at).copied());
    stored(table, "feed_row", "table_no", row)
}
