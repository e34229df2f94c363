//! The feed, many rows at a time: all of it happens under the operator's last lock.

use counterfoil_domain::ids::OperatorId;
use uuid::Uuid;

use super::{Conn, column};
use crate::engine::feed::{FeedHead, Place, StoredSums};

/// Where the feeds of these operators end, in one query.
pub(crate) async fn feed_heads(conn: &mut Conn, operators: &[Uuid]) -> Result<Vec<FeedHead>, sqlx::Error> {
    sqlx::query_as!(
        FeedHead,
        r#"SELECT f.operator_id AS "operator!: Uuid", o.epoch AS "epoch!: Uuid", f.version AS "version!: i64"
           FROM feed f JOIN operator o ON o.id = f.operator_id WHERE f.operator_id = ANY($1)"#,
        operators
    )
    .fetch_all(conn)
    .await
}

/// Where these rows, by table and key, stand now; one that the feed does not know is left out.
pub(crate) async fn feed_places(
    conn: &mut Conn,
    operator: OperatorId,
    rows: &[(i64, Uuid)],
) -> Result<Vec<Place>, sqlx::Error> {
    sqlx::query_as!(
        Place,
        r#"SELECT f.table_no AS "table_no!: i64", f.row_key AS "row_key!: Uuid", f.version AS "version!: i64",
             f.scope_path AS "scope_path!: String"
           FROM UNNEST($2::bigint[], $3::uuid[]) AS asked (table_no, row_key),
             LATERAL (SELECT table_no, row_key, version, scope_path FROM feed_row
               WHERE operator_id = $1 AND table_no = asked.table_no AND row_key = asked.row_key OFFSET 0) AS f"#,
        operator.0,
        &column(rows, |(table, _)| *table)[..],
        &column(rows, |(_, key)| *key)[..]
    )
    .fetch_all(conn)
    .await
}

/// Gives rows their version and scope.
pub(crate) async fn put_feed_rows(conn: &mut Conn, operator: OperatorId, rows: &[Place]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO feed_row (operator_id, table_no, row_key, version, scope_path)
         SELECT $1, table_no, row_key, version, scope_path
         FROM UNNEST($2::bigint[], $3::uuid[], $4::bigint[], $5::text[]) AS new (table_no, row_key, version, scope_path)
         ON CONFLICT (operator_id, table_no, row_key)
         DO UPDATE SET version = excluded.version, scope_path = excluded.scope_path",
        operator.0,
        &column(rows, |row| row.table_no)[..],
        &column(rows, |row| row.row_key)[..],
        &column(rows, |row| row.version)[..],
        &column(rows, |row| row.scope_path.as_str())[..] as _
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
    sqlx::query_as!(
        StoredSums,
        r#"SELECT scope_path AS "scope_path!: String", row_count AS "row_count!: i64", sums AS "sums!: Vec<u8>"
           FROM feed_digest WHERE operator_id = $1 AND scope_path = ANY($2)"#,
        operator.0,
        scopes as _
    )
    .fetch_all(conn)
    .await
}

pub(crate) async fn put_feed_sums(
    conn: &mut Conn,
    operator: OperatorId,
    rows: &[StoredSums],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO feed_digest (operator_id, scope_path, row_count, sums)
         SELECT $1, scope_path, row_count, sums
         FROM UNNEST($2::text[], $3::bigint[], $4::bytea[]) AS new (scope_path, row_count, sums)
         ON CONFLICT (operator_id, scope_path)
         DO UPDATE SET row_count = excluded.row_count, sums = excluded.sums",
        operator.0,
        &column(rows, |row| row.scope_path.as_str())[..] as _,
        &column(rows, |row| row.row_count)[..],
        &column(rows, |row| row.sums.as_slice())[..] as _
    )
    .execute(conn)
    .await
    .map(|_| ())
}
