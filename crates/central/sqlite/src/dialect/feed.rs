//! The feed, many rows at a time: all of it happens under the operator's last lock.

use counterfoil_domain::ids::OperatorId;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Conn, hex_of, json_of, json_rows};
use crate::engine::feed::{FeedHead, Place, StoredSums};

/// Where the feeds of these operators end, in one query. SQLite has no arrays: the ids come as JSON.
pub(crate) async fn feed_heads(conn: &mut Conn, operators: &[Uuid]) -> Result<Vec<FeedHead>, sqlx::Error> {
    let ids = json_of(operators);
    sqlx::query_as!(
        FeedHead,
        r#"SELECT f.operator_id AS "operator!: Uuid", o.epoch AS "epoch!: Uuid", f.version AS "version!: i64"
           FROM feed f JOIN operator o ON o.id = f.operator_id
           WHERE f.operator_id IN (SELECT unhex(value) FROM json_each($1))"#,
        ids
    )
    .fetch_all(conn)
    .await
}

/// Where these rows, by table and key, stand now, and the running sums of these places in the hierarchy; what the feed does
/// not know is left out.
pub(crate) async fn feed_state(
    conn: &mut Conn,
    operator: OperatorId,
    rows: &[(i64, Uuid)],
    scopes: &[&str],
) -> Result<(Vec<Place>, Vec<StoredSums>), sqlx::Error> {
    let places = feed_places(conn, operator, rows).await?;
    Ok((places, if scopes.is_empty() { Vec::new() } else { feed_sums(conn, operator, scopes).await? }))
}

async fn feed_places(conn: &mut Conn, operator: OperatorId, rows: &[(i64, Uuid)]) -> Result<Vec<Place>, sqlx::Error> {
    let asked = json_rows(rows, |(table, key)| json!([table, hex_of(*key)]));
    sqlx::query_as!(
        Place,
        r#"SELECT f.table_no AS "table_no!: i64", f.row_key AS "row_key!: Uuid", f.version AS "version!: i64",
             f.scope_path AS "scope_path!: String"
           FROM json_each($2) AS asked CROSS JOIN feed_row AS f
           WHERE f.operator_id = $1 AND f.table_no = asked.value ->> 0 AND f.row_key = unhex(asked.value ->> 1)"#,
        operator.0,
        asked
    )
    .fetch_all(conn)
    .await
}

/// Gives rows their version and scope, and places in the hierarchy their sums.
pub(crate) async fn put_feed(
    conn: &mut Conn,
    operator: OperatorId,
    rows: &[Place],
    sums: &[StoredSums],
) -> Result<(), sqlx::Error> {
    if !rows.is_empty() {
        put_feed_rows(conn, operator, rows).await?;
    }
    if !sums.is_empty() {
        put_feed_sums(conn, operator, sums).await?;
    }
    Ok(())
}

async fn put_feed_rows(conn: &mut Conn, operator: OperatorId, rows: &[Place]) -> Result<(), sqlx::Error> {
    let rows = json_rows(rows, |row| json!([row.table_no, hex_of(row.row_key), row.version, row.scope_path]));
    sqlx::query!(
        "INSERT INTO feed_row (operator_id, table_no, row_key, version, scope_path)
         SELECT $1, value ->> 0, unhex(value ->> 1), value ->> 2, value ->> 3 FROM json_each($2) WHERE TRUE
         ON CONFLICT (operator_id, table_no, row_key)
         DO UPDATE SET version = excluded.version, scope_path = excluded.scope_path",
        operator.0,
        rows
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// The running sums of these places in the hierarchy.
pub(crate) async fn feed_sums(
    conn: &mut Conn,
    operator: OperatorId,
    scopes: &[&str],
) -> Result<Vec<StoredSums>, sqlx::Error> {
    let scopes = Value::from(scopes).to_string();
    sqlx::query_as!(
        StoredSums,
        r#"SELECT scope_path AS "scope_path!: String", row_count AS "row_count!: i64", sums AS "sums!: Vec<u8>"
           FROM feed_digest WHERE operator_id = $1 AND scope_path IN (SELECT value FROM json_each($2))"#,
        operator.0,
        scopes
    )
    .fetch_all(conn)
    .await
}

async fn put_feed_sums(conn: &mut Conn, operator: OperatorId, rows: &[StoredSums]) -> Result<(), sqlx::Error> {
    let rows = json_rows(rows, |row| json!([row.scope_path, row.row_count, hex::encode(&row.sums)]));
    sqlx::query!(
        "INSERT INTO feed_digest (operator_id, scope_path, row_count, sums)
         SELECT $1, value ->> 0, value ->> 1, unhex(value ->> 2) FROM json_each($2) WHERE TRUE
         ON CONFLICT (operator_id, scope_path)
         DO UPDATE SET row_count = excluded.row_count, sums = excluded.sums",
        operator.0,
        rows
    )
    .execute(conn)
    .await
    .map(|_| ())
}
