//! One page of the feed for one device.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::feed::{Cursor, FeedTable};
use counterfoil_domain::ids::OperatorId;
use counterfoil_wire::problem::Code;
use counterfoil_wire::pull::{Change, FeedRow, Gone, MAX_ROWS, PullPage, PullQuery};

use super::repo::{self, ChangedRow, Span};
use super::rows;
use crate::engine::device::DeviceRecord;
use crate::engine::stored::stored;
use crate::engine::{App, operators};

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
    if cursor.version > head {
        return Err(expired("the cursor is ahead of Central"));
    }
    // Staff's desktops follow everything; a reseller's, its subtree.
    let scope = device.reseller_path.as_deref().unwrap_or_default();
    let after = (cursor.version, i64::from(cursor.table.ordinal()), cursor.key);
    let rows = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut changed = repo::changed(&mut snapshot, operator.id, scope, after, rows + 1).await?;
    let next = if changed.len() > limit { changed.pop() } else { None };
    let changes = match changed.last() {
        None => Vec::new(),
        Some(last) => {
            let span = Span { operator: operator.id, after, last: (last.version, last.table_no, last.row_key) };
            let rows = rows::read(&mut snapshot, &operator, &span, &changed, app.now()).await?;
            merge(&changed, rows)?
        }
    };
    let (cursor, version) = end(cursor, head, changed.last(), next.as_ref())?;
    Ok(PullPage {
        changes,
        cursor: cursor.to_text(),
        version,
        more: next.is_some(),
        digests: None,
        server_time: app.now(),
    })
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
fn merge(changed: &[ChangedRow], mut rows: rows::Rows) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::with_capacity(changed.len());
    for row in changed {
        let row_of = match rows.remove(&(row.table_no, row.row_key)) {
            Some(found) => found,
            None => FeedRow::Gone(Gone { of: table(row)?, key: row.row_key }),
        };
        changes.push(Change { version: row.version, row: row_of });
    }
    Ok(changes)
}

fn table(row: &ChangedRow) -> Result<FeedTable, Failure> {
    let table = usize::try_from(row.table_no).ok().and_then(|at| FeedTable::ALL.get(at).copied());
    stored(table, "feed_row", "table_no", row.row_key)
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
            let cursor = Cursor { version: last.version, table: table(last)?, key: last.row_key, ..before };
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
    use uuid::Uuid;

    use super::*;

    fn row(version: i64) -> ChangedRow {
        ChangedRow { table_no: 0, row_key: Uuid::from_bytes([1; 16]), version, gone: false }
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
