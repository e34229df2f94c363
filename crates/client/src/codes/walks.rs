//! Walks along the indexes of all codes, one for each order and direction. What this device laid over a line is left out:
//! the line comes with its own.

use counterfoil_domain::code::CodeState;
use sqlx::SqliteConnection;

use super::repo::Window;
use crate::store::StoreError;

/// By time, the newest or the oldest first: of one state, or of every one.
pub(super) async fn by_time(
    db: &mut SqliteConnection,
    state: Option<CodeState>,
    oldest: bool,
    window: Window<'_>,
) -> Result<Vec<i64>, StoreError> {
    match (state, oldest) {
        (None, false) => newest(db, window).await,
        (None, true) => oldest_among(db, "[]", window).await,
        (Some(state), false) => newest_of(db, state, window).await,
        (Some(state), true) => oldest_of(db, state, window).await,
    }
}

async fn newest(db: &mut SqliteConnection, window: Window<'_>) -> Result<Vec<i64>, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT rowid AS "rowid!: i64" FROM cached_code INDEXED BY cached_code_by_time
        WHERE (sold_key, serial) < (?1, ?2) AND rowid NOT IN (
            SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
        ORDER BY sold_key DESC, serial DESC LIMIT ?3 OFFSET ?4"#,
        window.sold_at,
        window.serial,
        window.limit,
        window.offset
    )
    .fetch_all(db)
    .await?)
}

/// The oldest first, keeping some states: a JSON list, empty for all. Of rare states it walks far.
pub(super) async fn oldest_among(
    db: &mut SqliteConnection,
    states: &str,
    window: Window<'_>,
) -> Result<Vec<i64>, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT rowid AS "rowid!: i64" FROM cached_code INDEXED BY cached_code_by_time
        WHERE (sold_key, serial) > (?1, ?2)
        AND (?5 = '[]' OR state IN (SELECT value FROM json_each(?5)))
        AND rowid NOT IN (
            SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
        ORDER BY sold_key, serial LIMIT ?3 OFFSET ?4"#,
        window.sold_at,
        window.serial,
        window.limit,
        window.offset,
        states
    )
    .fetch_all(db)
    .await?)
}

async fn newest_of(db: &mut SqliteConnection, state: CodeState, window: Window<'_>) -> Result<Vec<i64>, StoreError> {
    let state = state.as_str();
    Ok(sqlx::query_scalar!(
        r#"SELECT rowid AS "rowid!: i64" FROM cached_code INDEXED BY cached_code_by_state
        WHERE state = ?5 AND (sold_key, serial) < (?1, ?2) AND rowid NOT IN (
            SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
        ORDER BY sold_key DESC, serial DESC LIMIT ?3 OFFSET ?4"#,
        window.sold_at,
        window.serial,
        window.limit,
        window.offset,
        state
    )
    .fetch_all(db)
    .await?)
}

async fn oldest_of(db: &mut SqliteConnection, state: CodeState, window: Window<'_>) -> Result<Vec<i64>, StoreError> {
    let state = state.as_str();
    Ok(sqlx::query_scalar!(
        r#"SELECT rowid AS "rowid!: i64" FROM cached_code INDEXED BY cached_code_by_state
        WHERE state = ?5 AND (sold_key, serial) > (?1, ?2) AND rowid NOT IN (
            SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
        ORDER BY sold_key, serial LIMIT ?3 OFFSET ?4"#,
        window.sold_at,
        window.serial,
        window.limit,
        window.offset,
        state
    )
    .fetch_all(db)
    .await?)
}

/// How many lines of a state [`by_time`] walks along: out of the counts that are kept.
pub(super) async fn how_many(db: &mut SqliteConnection, state: CodeState) -> Result<i64, StoreError> {
    let state = state.as_str();
    Ok(sqlx::query_scalar!(
        r#"SELECT COALESCE((SELECT count FROM code_count WHERE state = ?1), 0) - (SELECT COUNT(*) FROM (
            SELECT DISTINCT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq
            WHERE k.state = ?1)) AS "count!: i64""#,
        state
    )
    .fetch_one(db)
    .await?)
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
        WHERE serial > ?1 AND rowid NOT IN (
            SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
        ORDER BY serial LIMIT ?2 OFFSET ?3"#,
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
        WHERE serial < ?1 AND rowid NOT IN (
            SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
        ORDER BY serial DESC LIMIT ?2 OFFSET ?3"#,
        after,
        limit,
        offset
    )
    .fetch_all(db)
    .await?)
}
