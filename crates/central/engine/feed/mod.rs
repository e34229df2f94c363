//! The change feed: which row changed last in which version, in commit order.

mod pull;
mod repo;
mod rows;

use std::collections::BTreeSet;

use counterfoil_central_platform::failure::Failure;

use super::work::{Touched, Work};

pub(crate) use pull::pull;

/// The last lock of a transaction: the next version, written to every touched row.
pub(crate) async fn stamp(work: &mut Work, touched: &BTreeSet<Touched>) -> Result<i64, Failure> {
    let operator = work.operator();
    let version = repo::next_version(work.conn(), operator).await?;
    for row in touched {
        repo::put_row(work.conn(), operator, version, row).await?;
    }
    Ok(version)
}
