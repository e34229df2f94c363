//! Tries to redeem, and the limits on guessing.

use super::{Conn, column};
use crate::engine::redemption::Attempt;

pub(crate) async fn insert_attempts(conn: &mut Conn, new: &[Attempt<'_>]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO activation_attempt (id, at, address, code_id, outcome)
         SELECT id, at, address, code_id, outcome
         FROM UNNEST($1::uuid[], $2::bigint[], $3::text[], $4::uuid[], $5::text[])
           AS new (id, at, address, code_id, outcome)",
        &column(new, |new| new.id)[..],
        &column(new, |new| new.at.0)[..],
        &column(new, |new| new.address)[..] as _,
        &column(new, |new| new.code.map(|code| code.0))[..] as _,
        &column(new, |new| new.outcome)[..] as _
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// The hits of each window, a bucket and its start, that has any. The planner cannot see how many they are, so that it keeps
/// one plan: see the module.
pub(crate) async fn hits_of(conn: &mut Conn, windows: &[(String, i64)]) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT w.bucket AS "bucket!: String", w.hits AS "hits!: i64"
           FROM UNNEST((SELECT $1::text[]), (SELECT $2::bigint[])) AS asked (bucket, window_start),
             LATERAL (SELECT bucket, hits FROM rate_window
               WHERE bucket = asked.bucket AND window_start = asked.window_start OFFSET 0) AS w"#,
        &column(windows, |(bucket, _)| bucket.as_str())[..] as _,
        &column(windows, |(_, window)| *window)[..]
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.bucket, row.hits)).collect())
}
