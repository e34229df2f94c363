//! SQL of the feed.

use counterfoil_domain::ids::OperatorId;

use crate::dialect::Conn;
use crate::engine::work::Touched;

pub(super) async fn next_version(conn: &mut Conn, operator: OperatorId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"UPDATE feed SET version = version + 1 WHERE operator_id = $1 RETURNING version AS "version!: i64""#,
        operator.0
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn put_row(
    conn: &mut Conn,
    operator: OperatorId,
    version: i64,
    row: &Touched,
) -> Result<(), sqlx::Error> {
    let table = i64::from(row.table.ordinal());
    let (key, scope, gone) = (row.key, row.scope_path.as_str(), row.gone);
    sqlx::query!(
        "INSERT INTO feed_row (operator_id, table_no, row_key, version, scope_path, gone)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (operator_id, table_no, row_key)
         DO UPDATE SET version = excluded.version, scope_path = excluded.scope_path, gone = excluded.gone",
        operator.0,
        table,
        key,
        version,
        scope,
        gone
    )
    .execute(conn)
    .await
    .map(|_| ())
}
