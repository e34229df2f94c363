//! Counting codes of the cache, and what its columns mean.

use counterfoil_domain::code::CodeState;
use sqlx::SqliteConnection;

use super::Search;
use crate::store::StoreError;

pub(crate) fn state(name: &str) -> Result<CodeState, StoreError> {
    CodeState::from_stored(name).ok_or_else(|| StoreError::unknown("cached_code", "state", name))
}

pub(super) fn seq(value: i64) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|_| StoreError::unknown("cached_code", "seq", value.to_string()))
}

/// How many lines a search finds, counted up to `most`: along four indexes, a line found twice counts twice. The
/// pluses keep the plan (`page.sql`).
pub(super) async fn found(db: &mut SqliteConnection, search: &Search, most: i64) -> Result<i64, StoreError> {
    let (upper_end, lower_end) = (search.upper_end(), search.lower_end());
    let count = sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM (
            SELECT 1 FROM cached_code WHERE serial >= +?1 AND serial < +?2
            UNION ALL SELECT 1 FROM cached_code WHERE last_group >= +?1 AND last_group < +?2
            UNION ALL SELECT 1 FROM cached_code WHERE email_key >= +?3 AND email_key < +?4
            UNION ALL SELECT 1 FROM cached_code WHERE plan_key >= +?3 AND plan_key < +?4
            LIMIT +?5
        )"#,
        search.upper,
        upper_end,
        search.lower,
        lower_end,
        most
    )
    .fetch_one(db)
    .await?;
    Ok(count)
}

/// The kept counts of the cache, per state.
pub(super) async fn kept_counts(db: &mut SqliteConnection) -> Result<Vec<(CodeState, i64)>, StoreError> {
    let rows = sqlx::query!("SELECT state, count FROM code_count WHERE count > 0").fetch_all(db).await?;
    rows.into_iter().map(|row| Ok((state(&row.state)?, row.count))).collect()
}

/// Counts what a search finds in the cache, without what is laid over. The pluses keep the plan.
pub(super) async fn searched_counts(
    db: &mut SqliteConnection,
    search: &Search,
) -> Result<Vec<(CodeState, i64)>, StoreError> {
    let (upper_end, lower_end) = (search.upper_end(), search.lower_end());
    let rows = sqlx::query!(
        r#"SELECT state AS "state!", COUNT(*) AS "count!: i64" FROM cached_code
        WHERE rowid IN (
            SELECT rowid FROM cached_code WHERE serial >= +?1 AND serial < +?2
            UNION SELECT rowid FROM cached_code WHERE last_group >= +?1 AND last_group < +?2
            UNION SELECT rowid FROM cached_code WHERE email_key >= +?3 AND email_key < +?4
            UNION SELECT rowid FROM cached_code WHERE plan_key >= +?3 AND plan_key < +?4
        )
        AND NOT EXISTS (SELECT 1 FROM overlay o WHERE o.lease_id = source_id AND o.seq = cached_code.seq)
        GROUP BY state"#,
        search.upper,
        upper_end,
        search.lower,
        lower_end
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|row| Ok((state(&row.state)?, row.count))).collect()
}
