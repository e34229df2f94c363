//! The last step of each writing transaction: a version for every row it touched.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::feed::FeedTable;
use counterfoil_wire::live::News;
use uuid::Uuid;

use super::digest::{self, Known, Tallies};
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
    let rows: Vec<Row<'_>> = touched.iter().map(|((table, key), touched)| (*table, *key, touched)).collect();
    let (mut changes, mut known, mut unwritten) = (Tallies::default(), Known::default(), Vec::new());
    for batch in rows.chunks(ROWS) {
        if !unwritten.is_empty() {
            dialect::put_feed(work.conn(), operator, &unwritten, &[]).await?;
        }
        unwritten = stamp_batch(work, version, batch, &mut changes, &mut known).await?;
    }
    let sums = digest::changed(work, &changes, known).await?;
    if !unwritten.is_empty() || !sums.is_empty() {
        dialect::put_feed(work.conn(), operator, &unwritten, &sums).await?;
    }
    for (news, scope_path) in news {
        repo::put_news(work.conn(), operator, *news, scope_path, version).await?;
    }
    Ok(version)
}

/// A row that devices follow, and what was done to it.
type Row<'a> = (FeedTable, Uuid, &'a Touched);

/// Gives back the rows that are to be written.
async fn stamp_batch(
    work: &mut Work,
    version: i64,
    batch: &[Row<'_>],
    changes: &mut Tallies,
    known: &mut Known,
) -> Result<Vec<Place>, Failure> {
    let mut before = read(work, batch, known).await?;
    let operator = work.operator();
    let mut stamped = Vec::with_capacity(batch.len());
    for (table, row_key, touched) in batch {
        let table_no = table_no(*table);
        let old = before.remove(&(table_no, *row_key));
        if let Some(old) = &old {
            changes.remove(old)?;
        }
        match touched {
            Touched::At(scope_path) => {
                let new = Place { table_no, row_key: *row_key, version, scope_path: scope_path.clone() };
                if let Some(old) = old.filter(|old| old.scope_path != new.scope_path) {
                    change_scope(work, &old, &new).await?;
                }
                changes.add(&new)?;
                stamped.push(new);
            }
            Touched::Gone => {
                if let Some(old) = old {
                    let now = work.now();
                    repo::drop_row(work.conn(), operator, (table_no, *row_key)).await?;
                    repo::put_exit(work.conn(), operator, &old, version, now).await?;
                }
            }
        }
    }
    Ok(stamped)
}

/// Where these rows stand now, by table and key, and with them the sums of the places where they will count.
async fn read(work: &mut Work, batch: &[Row<'_>], known: &mut Known) -> Result<HashMap<(i64, Uuid), Place>, Failure> {
    let operator = work.operator();
    let keys: Vec<(i64, Uuid)> = batch.iter().map(|(table, key, _)| (table_no(*table), *key)).collect();
    let places = known.unasked(batch.iter().filter_map(|(table, _, touched)| match touched {
        Touched::At(path) => Some((*table, path.as_str())),
        Touched::Gone => None,
    }));
    let (rows, sums) = dialect::feed_state(work.conn(), operator, &keys, &places).await?;
    known.learn(&places, sums)?;
    Ok(rows.into_iter().map(|place| ((place.table_no, place.row_key), place)).collect())
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
