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

/// Where these rows, by table and key, stand now, and the running sums of these places in the hierarchy; what the feed does
/// not know is left out. One statement, because nobody else can stamp meanwhile.
pub(crate) async fn feed_state(
    conn: &mut Conn,
    operator: OperatorId,
    rows: &[(i64, Uuid)],
    scopes: &[&str],
) -> Result<(Vec<Place>, Vec<StoredSums>), sqlx::Error> {
    let found = sqlx::query!(
        r#"SELECT f.table_no AS "table_no?: i64", f.row_key AS "row_key?: Uuid", f.version AS "number!: i64",
             f.scope_path AS "scope_path!: String", CAST(NULL AS BYTEA) AS "sums?: Vec<u8>"
           FROM UNNEST($2::bigint[], $3::uuid[]) AS asked (table_no, row_key),
             LATERAL (SELECT table_no, row_key, version, scope_path FROM feed_row
               WHERE operator_id = $1 AND table_no = asked.table_no AND row_key = asked.row_key OFFSET 0) AS f
           UNION ALL
           SELECT NULL, NULL, row_count, scope_path, sums FROM feed_digest
           WHERE operator_id = $1 AND scope_path = ANY($4)"#,
        operator.0,
        &column(rows, |(table, _)| *table)[..],
        &column(rows, |(_, key)| *key)[..],
        scopes as _
    )
    .fetch_all(conn)
    .await?;
    let (mut places, mut sums) = (Vec::with_capacity(found.len()), Vec::with_capacity(scopes.len()));
    for row in found {
        if let (Some(table_no), Some(row_key)) = (row.table_no, row.row_key) {
            places.push(Place { table_no, row_key, version: row.number, scope_path: row.scope_path });
        } else {
            let stored = row.sums.unwrap_or_default();
            sums.push(StoredSums { scope_path: row.scope_path, row_count: row.number, sums: stored });
        }
    }
    Ok((places, sums))
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

/// Gives rows their version and scope, and places in the hierarchy their sums.
pub(crate) async fn put_feed(
    conn: &mut Conn,
    operator: OperatorId,
    rows: &[Place],
    sums: &[StoredSums],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "WITH stamped AS (
           INSERT INTO feed_row (operator_id, table_no, row_key, version, scope_path)
           SELECT $1, table_no, row_key, version, scope_path
           FROM UNNEST($2::bigint[], $3::uuid[], $4::bigint[], $5::text[])
             AS new (table_no, row_key, version, scope_path)
           ON CONFLICT (operator_id, table_no, row_key)
           DO UPDATE SET version = excluded.version, scope_path = excluded.scope_path
         )
         INSERT INTO feed_digest (operator_id, scope_path, row_count, sums)
         SELECT $1, scope_path, row_count, sums
         FROM UNNEST($6::text[], $7::bigint[], $8::bytea[]) AS new (scope_path, row_count, sums)
         ON CONFLICT (operator_id, scope_path)
         DO UPDATE SET row_count = excluded.row_count, sums = excluded.sums",
        operator.0,
        &column(rows, |row| row.table_no)[..],
        &column(rows, |row| row.row_key)[..],
        &column(rows, |row| row.version)[..],
        &column(rows, |row| row.scope_path.as_str())[..] as _,
        &column(sums, |sums| sums.scope_path.as_str())[..] as _,
        &column(sums, |sums| sums.row_count)[..],
        &column(sums, |sums| sums.sums.as_slice())[..] as _
    )
    .execute(conn)
    .await
    .map(|_| ())
}
