//! What a search finds very often: listed in the order of the index that finds it, so that a page costs its own lines
//! whatever the search finds. First what a serial starts with, then last groups, addresses and plans; a line is listed
//! where it is found first.

use sqlx::SqliteConnection;

use super::repo::lines;
use super::{Class, Line, Place, Search};
use crate::store::StoreError;

/// Where to go on.
#[derive(Debug, Clone, Copy)]
pub(super) struct From<'a> {
    pub(super) class: Class,
    /// The text found, and the serial of the line: the next one is behind both.
    pub(super) key: &'a str,
    pub(super) serial: &'a str,
}

impl From<'_> {
    const fn start(class: Class) -> Self {
        Self { class, key: "", serial: "" }
    }
}

struct Found {
    rowid: i64,
    key: String,
}

/// Lines after a place, or from an offset on.
pub(super) async fn page(
    db: &mut SqliteConnection,
    search: &Search,
    after: Option<From<'_>>,
    mut offset: i64,
    limit: i64,
) -> Result<Vec<Line>, StoreError> {
    let mut found = Vec::new();
    let first = after.map_or(Class::Serial, |after| after.class);
    for class in Class::ALL.into_iter().filter(|class| *class >= first) {
        let left = limit - i64::try_from(found.len()).unwrap_or(i64::MAX);
        if left <= 0 {
            break;
        }
        let from = after.filter(|after| after.class == class).unwrap_or(From::start(class));
        let some = some(db, search, from, left, offset).await?;
        if offset > 0 {
            offset = if some.is_empty() { offset - count(db, search, class).await? } else { 0 };
        }
        found.extend(some.into_iter().map(|found| (class, found)));
    }
    let rowids: Vec<i64> = found.iter().map(|(_, found)| found.rowid).collect();
    let mut lines = lines(db, &rowids).await?;
    for (line, (class, found)) in lines.iter_mut().zip(found) {
        line.place = Place::Found(class, found.key, line.serial.clone());
    }
    Ok(lines)
}

async fn some(
    db: &mut SqliteConnection,
    search: &Search,
    from: From<'_>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Found>, StoreError> {
    match from.class {
        Class::Serial => of_serials(db, search, from, limit, offset).await,
        Class::Group => of_groups(db, search, from, limit, offset).await,
        Class::Email => of_emails(db, search, from, limit, offset).await,
        Class::Plan => of_plans(db, search, from, limit, offset).await,
    }
}

/// The highest first: serials count up with time.
async fn of_serials(
    db: &mut SqliteConnection,
    search: &Search,
    from: From<'_>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Found>, StoreError> {
    let end = if from.serial.is_empty() { search.upper_end() } else { from.serial.to_owned() };
    Ok(sqlx::query_as!(
        Found,
        r#"SELECT rowid AS "rowid!: i64", '' AS "key!: String" FROM cached_code INDEXED BY cached_code_by_serial
        WHERE serial >= ?1 AND serial < ?2 AND rowid NOT IN (
            SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
        ORDER BY serial DESC LIMIT ?3 OFFSET ?4"#,
        search.upper,
        end,
        limit,
        offset
    )
    .fetch_all(db)
    .await?)
}

/// By the group, of each group the highest serials first.
async fn of_groups(
    db: &mut SqliteConnection,
    search: &Search,
    from: From<'_>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Found>, StoreError> {
    let (upper_end, lower_end) = (search.upper_end(), search.lower_end());
    Ok(sqlx::query_as!(
        Found,
        r#"SELECT rowid AS "rowid!: i64", key AS "key!: String" FROM (
            SELECT * FROM (SELECT rowid, last_group AS key, serial FROM cached_code INDEXED BY cached_code_by_group
                WHERE last_group = ?5 AND serial < ?6
                AND NOT (serial >= ?1 AND serial < ?2)
                        AND rowid NOT IN (
                    SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
                ORDER BY serial DESC LIMIT ?7 + ?8)
            UNION ALL
            SELECT * FROM (SELECT rowid, last_group AS key, serial FROM cached_code INDEXED BY cached_code_by_group
                WHERE last_group >= ?1 AND last_group < ?2 AND last_group > ?5
                AND NOT (serial >= ?1 AND serial < ?2)
                        AND rowid NOT IN (
                    SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
                ORDER BY last_group, serial DESC LIMIT ?7 + ?8)
        ) ORDER BY key, serial DESC LIMIT ?7 OFFSET ?8"#,
        search.upper,
        upper_end,
        search.lower,
        lower_end,
        from.key,
        from.serial,
        limit,
        offset
    )
    .fetch_all(db)
    .await?)
}

/// By the address, of each the highest serials first.
async fn of_emails(
    db: &mut SqliteConnection,
    search: &Search,
    from: From<'_>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Found>, StoreError> {
    let (upper_end, lower_end) = (search.upper_end(), search.lower_end());
    Ok(sqlx::query_as!(
        Found,
        r#"SELECT rowid AS "rowid!: i64", key AS "key!: String" FROM (
            SELECT * FROM (SELECT rowid, email_key AS key, serial FROM cached_code INDEXED BY cached_code_by_email
                WHERE email_key = ?5 AND serial < ?6
                AND NOT (serial >= ?1 AND serial < ?2)
                AND NOT (last_group >= ?1 AND last_group < ?2)
                AND email_key IS NOT NULL
                AND rowid NOT IN (
                    SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
                ORDER BY serial DESC LIMIT ?7 + ?8)
            UNION ALL
            SELECT * FROM (SELECT rowid, email_key AS key, serial FROM cached_code INDEXED BY cached_code_by_email
                WHERE email_key >= ?3 AND email_key < ?4 AND email_key > ?5
                AND NOT (serial >= ?1 AND serial < ?2)
                AND NOT (last_group >= ?1 AND last_group < ?2)
                AND email_key IS NOT NULL
                AND rowid NOT IN (
                    SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
                ORDER BY email_key, serial DESC LIMIT ?7 + ?8)
        ) ORDER BY key, serial DESC LIMIT ?7 OFFSET ?8"#,
        search.upper,
        upper_end,
        search.lower,
        lower_end,
        from.key,
        from.serial,
        limit,
        offset
    )
    .fetch_all(db)
    .await?)
}

/// By the plan, of each the highest serials first.
async fn of_plans(
    db: &mut SqliteConnection,
    search: &Search,
    from: From<'_>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Found>, StoreError> {
    let (upper_end, lower_end) = (search.upper_end(), search.lower_end());
    Ok(sqlx::query_as!(
        Found,
        r#"SELECT rowid AS "rowid!: i64", key AS "key!: String" FROM (
            SELECT * FROM (SELECT rowid, plan_key AS key, serial FROM cached_code INDEXED BY cached_code_by_plan
                WHERE plan_key = ?5 AND serial < ?6
                AND NOT (serial >= ?1 AND serial < ?2)
                AND NOT (last_group >= ?1 AND last_group < ?2)
                AND (email_key IS NULL OR NOT (email_key >= ?3 AND email_key < ?4))
                AND rowid NOT IN (
                    SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
                ORDER BY serial DESC LIMIT ?7 + ?8)
            UNION ALL
            SELECT * FROM (SELECT rowid, plan_key AS key, serial FROM cached_code INDEXED BY cached_code_by_plan
                WHERE plan_key >= ?3 AND plan_key < ?4 AND plan_key > ?5
                AND NOT (serial >= ?1 AND serial < ?2)
                AND NOT (last_group >= ?1 AND last_group < ?2)
                AND (email_key IS NULL OR NOT (email_key >= ?3 AND email_key < ?4))
                AND rowid NOT IN (
                    SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
                ORDER BY plan_key, serial DESC LIMIT ?7 + ?8)
        ) ORDER BY key, serial DESC LIMIT ?7 OFFSET ?8"#,
        search.upper,
        upper_end,
        search.lower,
        lower_end,
        from.key,
        from.serial,
        limit,
        offset
    )
    .fetch_all(db)
    .await?)
}

/// How many lines a class has.
async fn count(db: &mut SqliteConnection, search: &Search, class: Class) -> Result<i64, StoreError> {
    let (upper_end, lower_end, class) = (search.upper_end(), search.lower_end(), class as i64);
    Ok(sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM (
            SELECT rowid FROM cached_code WHERE ?5 = 0 AND serial >= ?1 AND serial < ?2
            UNION ALL SELECT rowid FROM cached_code WHERE ?5 = 1 AND last_group >= ?1 AND last_group < ?2
                AND NOT (serial >= ?1 AND serial < ?2)
            UNION ALL SELECT rowid FROM cached_code WHERE ?5 = 2 AND email_key >= ?3 AND email_key < ?4
                AND NOT (serial >= ?1 AND serial < ?2) AND NOT (last_group >= ?1 AND last_group < ?2)
            UNION ALL SELECT rowid FROM cached_code WHERE ?5 = 3 AND plan_key >= ?3 AND plan_key < ?4
                AND NOT (serial >= ?1 AND serial < ?2) AND NOT (last_group >= ?1 AND last_group < ?2)
                AND (email_key IS NULL OR NOT (email_key >= ?3 AND email_key < ?4))
        ) WHERE rowid NOT IN (
            SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)"#,
        search.upper,
        upper_end,
        search.lower,
        lower_end,
        class
    )
    .fetch_one(db)
    .await?)
}
