//! Walks along the indexes of all codes, one for each order and direction. What this device laid over a line is left out:
//! the line comes with its own. The pluses keep SQLite from planning anew (`page.sql`).

use counterfoil_domain::code::CodeState;
use sqlx::SqliteConnection;

use super::page::DEEP;
use super::repo;
use crate::store::StoreError;

/// A window of cached lines by time: behind a moment and a serial, or `offset` lines behind it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) sold_at: i64,
    pub(super) serial: &'a str,
    pub(super) offset: i64,
    pub(super) limit: i64,
}

impl Window<'_> {
    /// From the top.
    pub(super) const NEWEST: Window<'static> = Window { sold_at: i64::MAX, serial: "", offset: 0, limit: 0 };
    /// From the top, with the oldest there.
    pub(super) const OLDEST: Window<'static> = Window { sold_at: i64::MIN, ..Window::NEWEST };
}

/// The oldest first: of some states or, where none is named, of every one.
pub(super) async fn oldest(
    db: &mut SqliteConnection,
    states: &[CodeState],
    window: Window<'_>,
) -> Result<Vec<i64>, StoreError> {
    if let [state] = states {
        return oldest_of(db, *state, window).await;
    }
    let names: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    let names = serde_json::to_string(&names).unwrap_or_else(|_| "[]".into());
    if !states.is_empty() && window.offset <= i64::from(DEEP) {
        return oldest_of_each(db, &names, window).await;
    }
    oldest_among(db, &names, window).await
}

async fn oldest_of(db: &mut SqliteConnection, state: CodeState, window: Window<'_>) -> Result<Vec<i64>, StoreError> {
    let state = state.as_str();
    Ok(sqlx::query_scalar!(
        r#"SELECT rowid AS "rowid!: i64" FROM cached_code INDEXED BY cached_code_by_state
        WHERE state = +?5 AND (sold_key, serial) > (+?1, +?2) AND rowid NOT IN (
            SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
        ORDER BY sold_key, serial LIMIT +?3 OFFSET +?4"#,
        window.sold_at,
        window.serial,
        window.limit,
        window.offset,
        state
    )
    .fetch_all(db)
    .await?)
}

/// The oldest of each are cheaper to sort than all of them. `states` is a JSON list.
async fn oldest_of_each(db: &mut SqliteConnection, states: &str, window: Window<'_>) -> Result<Vec<i64>, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT c.rowid AS "rowid!: i64" FROM json_each(+?5) s CROSS JOIN cached_code c ON c.rowid IN (
            SELECT k.rowid FROM cached_code k INDEXED BY cached_code_by_state
            WHERE k.state = s.value AND (k.sold_key, k.serial) > (+?1, +?2) AND k.rowid NOT IN (
                SELECT l.rowid FROM overlay o CROSS JOIN cached_code l ON l.source_id = o.lease_id AND l.seq = o.seq)
            ORDER BY k.sold_key, k.serial LIMIT ?3 + ?4)
        ORDER BY c.sold_key, c.serial LIMIT +?3 OFFSET +?4"#,
        window.sold_at,
        window.serial,
        window.limit,
        window.offset,
        states
    )
    .fetch_all(db)
    .await?)
}

/// The oldest first, keeping some states: a JSON list, empty for all. Of rare states it walks far.
async fn oldest_among(db: &mut SqliteConnection, states: &str, window: Window<'_>) -> Result<Vec<i64>, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT rowid AS "rowid!: i64" FROM cached_code INDEXED BY cached_code_by_time
        WHERE (sold_key, serial) > (+?1, +?2)
        AND (+?5 = '[]' OR state IN (SELECT value FROM json_each(+?5)))
        AND rowid NOT IN (
            SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
        ORDER BY sold_key, serial LIMIT +?3 OFFSET +?4"#,
        window.sold_at,
        window.serial,
        window.limit,
        window.offset,
        states
    )
    .fetch_all(db)
    .await?)
}

/// The newest of one state first.
pub(super) async fn newest_of(
    db: &mut SqliteConnection,
    state: CodeState,
    window: Window<'_>,
) -> Result<Vec<i64>, StoreError> {
    let state = state.as_str();
    Ok(sqlx::query_scalar!(
        r#"SELECT rowid AS "rowid!: i64" FROM cached_code INDEXED BY cached_code_by_state
        WHERE state = +?5 AND (sold_key, serial) < (+?1, +?2) AND rowid NOT IN (
            SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
        ORDER BY sold_key DESC, serial DESC LIMIT +?3 OFFSET +?4"#,
        window.sold_at,
        window.serial,
        window.limit,
        window.offset,
        state
    )
    .fetch_all(db)
    .await?)
}

/// How many lines each state has, without what is laid over.
pub(super) async fn counts(db: &mut SqliteConnection) -> Result<Vec<(CodeState, i64)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT n.state AS "state!", n.count - (
            SELECT COUNT(DISTINCT k.rowid) FROM overlay o
            CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq
            WHERE k.state = n.state) AS "count!: i64"
        FROM code_count n"#
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|row| Ok((repo::state(&row.state)?, row.count))).collect()
}

/// By serial, behind one or from the top.
pub(super) async fn by_serial(
    db: &mut SqliteConnection,
    descending: bool,
    after: Option<&str>,
    (offset, limit): (i64, i64),
) -> Result<Vec<i64>, StoreError> {
    if descending { serials_down(db, after, offset, limit).await } else { serials_up(db, after, offset, limit).await }
}

async fn serials_up(
    db: &mut SqliteConnection,
    after: Option<&str>,
    offset: i64,
    limit: i64,
) -> Result<Vec<i64>, StoreError> {
    let after = after.unwrap_or_default();
    Ok(sqlx::query_scalar!(
        r#"SELECT rowid AS "rowid!: i64" FROM cached_code INDEXED BY cached_code_by_serial
        WHERE serial > +?1 AND rowid NOT IN (
            SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
        ORDER BY serial LIMIT +?2 OFFSET +?3"#,
        after,
        limit,
        offset
    )
    .fetch_all(db)
    .await?)
}

async fn serials_down(
    db: &mut SqliteConnection,
    after: Option<&str>,
    offset: i64,
    limit: i64,
) -> Result<Vec<i64>, StoreError> {
    let after = after.unwrap_or("\u{10ffff}");
    Ok(sqlx::query_scalar!(
        r#"SELECT rowid AS "rowid!: i64" FROM cached_code INDEXED BY cached_code_by_serial
        WHERE serial < +?1 AND rowid NOT IN (
            SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
        ORDER BY serial DESC LIMIT +?2 OFFSET +?3"#,
        after,
        limit,
        offset
    )
    .fetch_all(db)
    .await?)
}
