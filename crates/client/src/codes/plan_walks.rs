//! Walks along plans. Of each plan the highest serials come first, and turned round the lowest, because that is the index:
//! what is behind a place is the rest of its plan and then the plans behind it, each a range. The pluses keep SQLite
//! from planning anew (`page.sql`).

use sqlx::SqliteConnection;

use crate::store::StoreError;

/// From the top.
pub(super) async fn first(
    db: &mut SqliteConnection,
    descending: bool,
    (offset, limit): (i64, i64),
) -> Result<Vec<i64>, StoreError> {
    if descending { last_plans(db, offset, limit).await } else { first_plans(db, offset, limit).await }
}

/// Behind the line of this plan, in lower case, and this serial.
pub(super) async fn behind(
    db: &mut SqliteConnection,
    descending: bool,
    (plan, serial): (&str, &str),
    limit: i64,
) -> Result<Vec<i64>, StoreError> {
    if descending { before(db, plan, serial, limit).await } else { after(db, plan, serial, limit).await }
}

async fn first_plans(db: &mut SqliteConnection, offset: i64, limit: i64) -> Result<Vec<i64>, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT rowid AS "rowid!: i64" FROM cached_code INDEXED BY cached_code_by_plan
        WHERE plan_key >= '' AND rowid NOT IN (
            SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
        ORDER BY plan_key, serial DESC LIMIT +?1 OFFSET +?2"#,
        limit,
        offset
    )
    .fetch_all(db)
    .await?)
}

async fn last_plans(db: &mut SqliteConnection, offset: i64, limit: i64) -> Result<Vec<i64>, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT rowid AS "rowid!: i64" FROM cached_code INDEXED BY cached_code_by_plan
        WHERE plan_key >= '' AND rowid NOT IN (
            SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
        ORDER BY plan_key DESC, serial LIMIT +?1 OFFSET +?2"#,
        limit,
        offset
    )
    .fetch_all(db)
    .await?)
}

async fn after(db: &mut SqliteConnection, plan: &str, serial: &str, limit: i64) -> Result<Vec<i64>, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT rowid AS "rowid!: i64" FROM (
            SELECT * FROM (SELECT rowid, plan_key AS key, serial FROM cached_code INDEXED BY cached_code_by_plan
                WHERE plan_key = +?1 AND serial < +?2 AND rowid NOT IN (
                    SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
                ORDER BY serial DESC LIMIT +?3)
            UNION ALL
            SELECT * FROM (SELECT rowid, plan_key AS key, serial FROM cached_code INDEXED BY cached_code_by_plan
                WHERE plan_key > +?1 AND rowid NOT IN (
                    SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
                ORDER BY plan_key, serial DESC LIMIT +?3)
        ) ORDER BY key, serial DESC LIMIT +?3"#,
        plan,
        serial,
        limit
    )
    .fetch_all(db)
    .await?)
}

async fn before(db: &mut SqliteConnection, plan: &str, serial: &str, limit: i64) -> Result<Vec<i64>, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT rowid AS "rowid!: i64" FROM (
            SELECT * FROM (SELECT rowid, plan_key AS key, serial FROM cached_code INDEXED BY cached_code_by_plan
                WHERE plan_key = +?1 AND serial > +?2 AND rowid NOT IN (
                    SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
                ORDER BY serial LIMIT +?3)
            UNION ALL
            SELECT * FROM (SELECT rowid, plan_key AS key, serial FROM cached_code INDEXED BY cached_code_by_plan
                WHERE plan_key < +?1 AND rowid NOT IN (
                    SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
                ORDER BY plan_key DESC, serial LIMIT +?3)
        ) ORDER BY key DESC, serial LIMIT +?3"#,
        plan,
        serial,
        limit
    )
    .fetch_all(db)
    .await?)
}
