//! The last step of each writing transaction: a version for every row it touched.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::feed::FeedTable;
use counterfoil_wire::live::News;
use uuid::Uuid;

use super::digest::{self, Tallies};
use super::repo::{self, Place};
use super::table_no;
use crate::dialect;
use crate::engine::batch::ROWS;
use crate::engine::work::{Touched, Work};

/// The last lock of a transaction: the next version, written to every touched row and to whatever else is told.
pub(crate) async fn stamp(
    work: &mut Work,
    touched: &BTreeMap<(FeedTable, Uuid), Touched>,
    news: &BTreeSet<(News, String)>,
) -> Result<i64, Failure> {
    let operator = work.operator();
    let version = repo::next_version(work.conn(), operator).await?;
    let rows: Vec<(i64, Uuid, &Touched)> =
        touched.iter().map(|((table, key), touched)| (table_no(*table), *key, touched)).collect();
    let mut changes = Tallies::default();
    for batch in rows.chunks(ROWS) {
        stamp_batch(work, version, batch, &mut changes).await?;
    }
    digest::apply(work, &changes).await?;
    for (news, scope_path) in news {
        repo::put_news(work.conn(), operator, *news, scope_path, version).await?;
    }
    Ok(version)
}

async fn stamp_batch(
    work: &mut Work,
    version: i64,
    batch: &[(i64, Uuid, &Touched)],
    changes: &mut Tallies,
) -> Result<(), Failure> {
    let operator = work.operator();
    let keys: Vec<(i64, Uuid)> = batch.iter().map(|(table, key, _)| (*table, *key)).collect();
    let before: HashMap<(i64, Uuid), Place> = dialect::feed_places(work.conn(), operator, &keys)
        .await?
        .into_iter()
        .map(|place| ((place.table_no, place.row_key), place))
        .collect();
    let mut stamped = Vec::with_capacity(batch.len());
    for (table_no, row_key, touched) in batch {
        let old = before.get(&(*table_no, *row_key));
        if let Some(old) = old {
            changes.remove(old)?;
        }
        match touched {
            Touched::At(scope_path) => {
                let new = Place { table_no: *table_no, row_key: *row_key, version, scope_path: scope_path.clone() };
                if let Some(old) = old.filter(|old| old.scope_path != new.scope_path) {
                    change_scope(work, old, &new).await?;
                }
                changes.add(&new)?;
                stamped.push(new);
            }
            Touched::Gone => {
                if let Some(old) = old {
                    let now = work.now();
                    repo::drop_row(work.conn(), operator, (*table_no, *row_key)).await?;
                    repo::put_exit(work.conn(), operator, old, version, now).await?;
                }
            }
        }
    }
    if !stamped.is_empty() {
        dialect::put_feed_rows(work.conn(), operator, &stamped).await?;
    }
    Ok(())
}

/// Devices that saw the row where it stood and do not see it where it stands now are told by an exit. Those of
/// resellers above both places just get the row; that is decided when a page is read.
async fn change_scope(work: &mut Work, old: &Place, new: &Place) -> Result<(), Failure> {
    let (operator, now) = (work.operator(), work.now());
    repo::void_exits(work.conn(), operator, new).await?;
    if !sees_all(&old.scope_path, &new.scope_path) {
        repo::put_exit(work.conn(), operator, old, new.version, now).await?;
    }
    Ok(())
}

/// Whether everyone who sees a row at one path sees it at another, too: viewers of a path are the resellers on it, and
/// everyone for the empty one.
fn sees_all(old: &str, new: &str) -> bool {
    new.is_empty() || (!old.is_empty() && new.starts_with(old))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_stands_above_the_new_place_need_not_be_told() {
        for (old, new, all) in [
            ("/a/", "/a/b/", true),
            ("/a/", "", true),
            ("", "", true),
            ("/a/b/", "/a/", false),
            ("/a/b/", "/a/c/", false),
            ("", "/a/", false),
        ] {
            assert_eq!(sees_all(old, new), all, "{old} {new}");
        }
    }
}
