//! Versions, exits and news. All of it happens under the operator's last lock; many rows at once are in `dialect`.

use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::live::News;
use uuid::Uuid;

use crate::dialect::Conn;

/// A row as the feed has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) table_no: i64,
    pub(crate) row_key: Uuid,
    pub(crate) version: i64,
    pub(crate) scope_path: String,
}

/// Where one operator's feed ends.
pub(crate) struct FeedHead {
    pub(crate) operator: Uuid,
    pub(crate) epoch: Uuid,
    pub(crate) version: i64,
}

/// Takes the lock and gives the next version.
pub(in super::super) async fn next_version(conn: &mut Conn, operator: OperatorId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"UPDATE feed SET version = version + 1 WHERE operator_id = $1 RETURNING version AS "version!: i64""#,
        operator.0
    )
    .fetch_one(conn)
    .await
}

/// Takes a deleted row out of the feed.
pub(in super::super) async fn drop_row(
    conn: &mut Conn,
    operator: OperatorId,
    (table, key): (i64, Uuid),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM feed_row WHERE operator_id = $1 AND table_no = $2 AND row_key = $3",
        operator.0,
        table,
        key
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Notes that a row left the scope it stood in.
pub(in super::super) async fn put_exit(
    conn: &mut Conn,
    operator: OperatorId,
    left: &Place,
    version: i64,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let scope = left.scope_path.as_str();
    sqlx::query!(
        "INSERT INTO feed_exit (operator_id, table_no, row_key, scope_path, version, at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (operator_id, table_no, row_key, scope_path)
         DO UPDATE SET version = excluded.version, at = excluded.at",
        operator.0,
        left.table_no,
        left.row_key,
        scope,
        version,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Forgets exits of a row from scopes whose every viewer sees it again: it stands there, or below.
pub(in super::super) async fn void_exits(
    conn: &mut Conn,
    operator: OperatorId,
    row: &Place,
) -> Result<(), sqlx::Error> {
    let scope = row.scope_path.as_str();
    sqlx::query!(
        "DELETE FROM feed_exit WHERE operator_id = $1 AND table_no = $2 AND row_key = $3
           AND ($4 = '' OR scope_path = $4 OR (scope_path <> '' AND substr($4, 1, length(scope_path)) = scope_path))",
        operator.0,
        row.table_no,
        row.row_key,
        scope
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Gives what changed at a place without being a row its version.
pub(in super::super) async fn put_news(
    conn: &mut Conn,
    operator: OperatorId,
    news: News,
    scope_path: &str,
    version: i64,
) -> Result<(), sqlx::Error> {
    let subject = news.as_str();
    sqlx::query!(
        "INSERT INTO feed_news (operator_id, subject, scope_path, version) VALUES ($1, $2, $3, $4)
         ON CONFLICT (operator_id, subject, scope_path) DO UPDATE SET version = excluded.version",
        operator.0,
        subject,
        scope_path,
        version
    )
    .execute(conn)
    .await
    .map(|_| ())
}
