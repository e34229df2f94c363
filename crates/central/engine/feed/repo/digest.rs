//! Running sums over the terms of live rows.

use counterfoil_domain::ids::OperatorId;
use uuid::Uuid;

use super::Place;
use crate::dialect::Conn;

/// The sums of one place in the hierarchy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredSums {
    pub(crate) scope_path: String,
    pub(crate) row_count: i64,
    pub(crate) sums: Vec<u8>,
}

pub(in super::super) async fn all_sums(conn: &mut Conn, operator: OperatorId) -> Result<Vec<StoredSums>, sqlx::Error> {
    sqlx::query_as!(
        StoredSums,
        "SELECT scope_path, row_count, sums FROM feed_digest WHERE operator_id = $1",
        operator.0
    )
    .fetch_all(conn)
    .await
}

pub(in super::super) async fn drop_sums(conn: &mut Conn, operator: OperatorId) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM feed_digest WHERE operator_id = $1", operator.0).execute(conn).await.map(|_| ())
}

/// Operators whose rows are not counted yet.
pub(in super::super) async fn undigested(conn: &mut Conn) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT operator_id AS "id!: Uuid" FROM feed WHERE NOT digested"#).fetch_all(conn).await
}

pub(in super::super) async fn set_digested(conn: &mut Conn, operator: OperatorId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE feed SET digested = TRUE WHERE operator_id = $1", operator.0).execute(conn).await.map(|_| ())
}

/// All live rows, a piece at a time, behind a table and key.
pub(in super::super) async fn live_rows(
    conn: &mut Conn,
    operator: OperatorId,
    (table, key): (i64, Uuid),
    limit: i64,
) -> Result<Vec<Place>, sqlx::Error> {
    sqlx::query_as!(
        Place,
        r#"SELECT table_no AS "table_no!: i64", row_key AS "row_key!: Uuid", version AS "version!: i64",
             scope_path AS "scope_path!: String"
           FROM feed_row WHERE operator_id = $1 AND (table_no, row_key) > ($2, $3)
           ORDER BY table_no, row_key LIMIT $4"#,
        operator.0,
        table,
        key,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Takes the operator's feed lock.
pub(in super::super) async fn lock(conn: &mut Conn, operator: OperatorId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE feed SET version = version WHERE operator_id = $1", operator.0).execute(conn).await.map(|_| ())
}
