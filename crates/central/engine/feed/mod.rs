//! The change feed: which row changed last in which version, in commit order.

mod digest;
mod look;
mod pull;
mod repo;
mod rows;
mod stamp;
mod whole;

pub(crate) use digest::count_uncounted;
pub(crate) use look::{look, verify};
pub(crate) use pull::pull;
pub(crate) use repo::{FeedHead, Place, StoredSums};
pub(crate) use stamp::stamp;
pub(crate) use whole::{Standing, Whole, changed_since, standing};

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::feed::FeedTable;
use uuid::Uuid;

use super::stored::stored;

/// Whether rows of a table are their reseller's and the operator's alone: those above it do not see them. The queries of
/// pages and of whole scopes know it by number.
const fn is_own(table: FeedTable) -> bool {
    matches!(table, FeedTable::Order)
}

/// Whether a viewer, by its path, sees a row of this table that stands there; the path of staff is empty.
pub(crate) fn sees(viewer: &str, table: i64, path: &str) -> bool {
    let own = FeedTable::ALL.into_iter().any(|known| is_own(known) && table_no(known) == table);
    path.is_empty() || viewer.is_empty() || if own { path == viewer } else { path.starts_with(viewer) }
}

fn table_no(table: FeedTable) -> i64 {
    i64::from(table.ordinal())
}

/// The table of a stored row.
fn table(table_no: i64, row: Uuid) -> Result<FeedTable, Failure> {
    let table = usize::try_from(table_no).ok().and_then(|at| FeedTable::ALL.get(at).copied());
    stored(table, "feed_row", "table_no", row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_seen_by_their_reseller_and_the_operator_alone() {
        let (order, account) = (table_no(FeedTable::Order), table_no(FeedTable::Account));
        assert_eq!(order, 9, "the number that the queries know it by");
        for (viewer, path, sees_order, sees_account) in [
            ("/a/b/", "/a/b/", true, true),
            ("/a/", "/a/b/", false, true),
            ("", "/a/b/", true, true),
            ("/a/b/", "/a/", false, false),
            ("/a/", "", true, true),
        ] {
            assert_eq!(sees(viewer, order, path), sees_order, "{viewer} {path}");
            assert_eq!(sees(viewer, account, path), sees_account, "{viewer} {path}");
        }
    }
}
