//! Tries to redeem, and the limits on guessing.

use serde_json::json;

use super::{Conn, hex_of, json_rows};
use crate::engine::redemption::Attempt;

pub(crate) async fn insert_attempts(conn: &mut Conn, new: &[Attempt<'_>]) -> Result<(), sqlx::Error> {
    let rows = json_rows(new, |new| {
        json!([hex_of(new.id), new.at.0, new.address, new.code.map(|code| hex_of(code.0)), new.outcome])
    });
    sqlx::query!(
        "INSERT INTO activation_attempt (id, at, address, code_id, outcome)
         SELECT unhex(value ->> 0), value ->> 1, value ->> 2, unhex(value ->> 3), value ->> 4 FROM json_each($1)",
        rows
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// The hits of each window, a bucket and its start, that has any.
pub(crate) async fn hits_of(conn: &mut Conn, windows: &[(String, i64)]) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let asked = json_rows(windows, |window| json!(window));
    let rows = sqlx::query!(
        r#"SELECT w.bucket AS "bucket!: String", w.hits AS "hits!: i64"
           FROM json_each($1) AS asked CROSS JOIN rate_window AS w
           WHERE w.bucket = asked.value ->> 0 AND w.window_start = asked.value ->> 1"#,
        asked
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.bucket, row.hits)).collect())
}
