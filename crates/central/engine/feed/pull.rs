//! One page of the feed for one device.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::digest::Digests;
use counterfoil_domain::feed::{Cursor, FeedTable};
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_wire::problem::Code;
use counterfoil_wire::pull::{Change, FeedRow, Gone, MAX_ROWS, PullPage, PullQuery};
use uuid::Uuid;

use super::repo::{self, ChangedRow, Head, Span};
use super::rows::{self, Source};
use super::{digest, table, table_no};
use crate::dialect::Conn;
use crate::engine::device::DeviceRecord;
use crate::engine::{App, audit, backup, brand, operators};

/// The next page behind a cursor. It is read in one moment, so its rows and its version agree.
pub(crate) async fn pull(app: &App, device: &DeviceRecord, query: &PullQuery) -> Result<PullPage, Failure> {
    let limit = limit(query.limit)?;
    let mut snapshot = app.snapshot().await?;
    let operator = operators::get(&mut snapshot, OperatorId(device.operator_id)).await?;
    let cursor = match query.cursor.as_deref() {
        None => Cursor::start(operator.epoch),
        Some(text) => Cursor::from_text(text).map_err(|error| expired(&error.to_string()))?,
    };
    if cursor.epoch != operator.epoch {
        return Err(expired("Central was restored from a backup"));
    }
    let head = repo::head(&mut snapshot, operator.id).await?;
    check(&cursor, &head)?;
    // Staff's desktops follow everything; a reseller's, its subtree.
    let viewer = device.reseller_path.as_deref().unwrap_or_default();
    let after = (cursor.version, table_no(cursor.table), cursor.key);
    let tables = query.tables.unwrap_or(TABLES_UNSAID);
    let mut changed = next_rows(&mut snapshot, operator.id, (viewer, tables), after, limit + 1).await?;
    let next = if changed.len() > limit { changed.pop() } else { None };
    let changes = match changed.last() {
        None => Vec::new(),
        Some(last) => {
            let last = (last.version, last.table_no, last.row_key);
            let span = Span { operator: operator.id, viewer, after, last };
            let rows = rows::read(&mut snapshot, &operator, &Source::Page(span), &changed, app.now()).await?;
            merge(&changed, rows)?
        }
    };
    let (cursor, version) = end(cursor, head.version, changed.last(), next.as_ref())?;
    let more = next.is_some();
    let tally = if more { None } else { Some(digest::of_viewer(&mut snapshot, operator.id, viewer).await?) };
    let digests = tally.map(|tally| known(tally.digests, tables));
    let backup_watermark =
        if more { None } else { Some(backup::watermark_of(&mut snapshot, device.device_id()).await?) };
    let audit = if more { None } else { Some(audit::head(&mut snapshot, operator.id).await?) };
    let brand = if more {
        None
    } else {
        Some(brand::in_force(&mut snapshot, &operator, device.reseller_id.map(ResellerId)).await?)
    };
    let (cursor, server_time) = (cursor.to_text(), app.now());
    Ok(PullPage { changes, cursor, version, more, digests, backup_watermark, audit, brand, server_time })
}

/// What a device knows that does not say how many tables it knows: those of before it was asked.
const TABLES_UNSAID: u8 = 9;

/// The sums of the tables that a device knows.
fn known(mut digests: Digests, tables: u8) -> Digests {
    for table in FeedTable::ALL.into_iter().filter(|table| table.ordinal() >= tables) {
        digests.set(table, 0);
    }
    digests
}

/// Whether a reader that stands here has missed nothing.
fn check(cursor: &Cursor, head: &Head) -> Result<(), Failure> {
    if cursor.version > head.version {
        return Err(expired("it is ahead of Central"));
    }
    let start = Cursor::start(cursor.epoch);
    let behind = *cursor != start && is_before(cursor, head.forgotten);
    if behind { Err(expired("rows that left its scope since are forgotten")) } else { Ok(()) }
}

/// Whether rows of this version may stand behind a cursor.
fn is_before(cursor: &Cursor, version: i64) -> bool {
    let Cursor { table, key, .. } = Cursor::after_version(cursor.epoch, version);
    cursor.is_before(version, table, key)
}

/// The next rows behind a place, live ones and those that left.
async fn next_rows(
    conn: &mut Conn,
    operator: OperatorId,
    (viewer, tables): (&str, u8),
    after: (i64, i64, Uuid),
    limit: usize,
) -> Result<Vec<ChangedRow>, Failure> {
    let (tables, rows) = (i64::from(tables), i64::try_from(limit).unwrap_or(i64::MAX));
    let mut changed = repo::changed(conn, operator, (viewer, tables), after, rows).await?;
    let left = repo::left(conn, operator, (viewer, tables), after, rows).await?;
    if !left.is_empty() {
        changed.extend(left);
        changed.sort_by_key(|row| (row.version, row.table_no, row.row_key));
        changed.truncate(limit);
    }
    Ok(changed)
}

fn limit(asked: Option<u32>) -> Result<usize, Failure> {
    match asked.unwrap_or(MAX_ROWS) {
        rows @ 1..=MAX_ROWS => Ok(rows as usize),
        _ => Err(Failure::validation(vec![field("limit", format!("a page has 1 to {MAX_ROWS} rows"))])),
    }
}

fn expired(why: &str) -> Failure {
    Failure::new(Code::CursorExpired, format!("This cursor cannot go on ({why}). Pull from the start."))
}

/// The rows in their order. What is not there any more is gone.
pub(super) fn merge(changed: &[ChangedRow], mut rows: rows::Rows) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::with_capacity(changed.len());
    for row in changed {
        let row_of = match rows.remove(&(row.table_no, row.row_key)) {
            Some(found) => found,
            None => FeedRow::Gone(Gone { of: table(row.table_no, row.row_key)?, key: row.row_key }),
        };
        changes.push(Change { version: row.version, row: row_of });
    }
    Ok(changes)
}

/// Where the page ends, and the highest version that is wholly sent.
fn end(
    before: Cursor,
    head: i64,
    last: Option<&ChangedRow>,
    next: Option<&ChangedRow>,
) -> Result<(Cursor, i64), Failure> {
    match (last, next) {
        (Some(last), Some(next)) => {
            let cursor = Cursor {
                version: last.version,
                table: table(last.table_no, last.row_key)?,
                key: last.row_key,
                ..before
            };
            // Nothing in scope stands between the last row and the next.
            Ok((cursor, next.version - 1))
        }
        // Everything up to the head was sent, in scope or not.
        _ => Ok((Cursor::after_version(before.epoch, head), head)),
    }
}

#[cfg(test)]
mod tests {
    use counterfoil_domain::ids::Epoch;

    use super::*;

    fn row(version: i64) -> ChangedRow {
        ChangedRow { table_no: 0, row_key: Uuid::from_bytes([1; 16]), version, gone: false }
    }

    #[test]
    fn sums_of_tables_that_a_device_does_not_know_are_not_sent_to_it() {
        let mut digests = Digests::default();
        digests.set(FeedTable::Account, 7);
        digests.set(FeedTable::Order, 8);
        assert_eq!(known(digests, 10), digests);
        let old = known(digests, TABLES_UNSAID);
        assert_eq!((old.of(FeedTable::Account), old.of(FeedTable::Order)), (7, 0));
    }

    #[test]
    fn a_version_that_continues_on_the_next_page_is_not_called_complete() {
        let start = Cursor::start(Epoch(Uuid::nil()));
        let version = |last: Option<i64>, next: Option<i64>| {
            end(start, 9, last.map(row).as_ref(), next.map(row).as_ref()).expect("end").1
        };
        assert_eq!(version(Some(5), Some(5)), 4);
        assert_eq!(version(Some(5), Some(7)), 6);
        assert_eq!(version(Some(5), None), 9);
        assert_eq!(version(None, None), 9);
    }
}
