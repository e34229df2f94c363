//! Versions of rows, many a statement: all of it happens under the operator's last lock.

use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::live::News;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::dialect::{Conn, Db};

/// A batch of this many rows is prepared once and kept; larger ones are rare and of any size.
const KEPT: usize = 16;

/// A row as the feed has it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(in super::super) struct Place {
    pub(in super::super) table_no: i64,
    pub(in super::super) row_key: Uuid,
    pub(in super::super) version: i64,
    pub(in super::super) scope_path: String,
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

/// Where these rows, by table and key, stand now; one that the feed does not know is left out.
pub(in super::super) async fn places(
    conn: &mut Conn,
    operator: OperatorId,
    rows: &[(i64, Uuid)],
) -> Result<Vec<Place>, sqlx::Error> {
    let mut sql =
        QueryBuilder::<Db>::new("SELECT table_no, row_key, version, scope_path FROM feed_row WHERE operator_id = ");
    sql.push_bind(operator.0).push(" AND (table_no, row_key) IN (");
    sql.push_values(rows, |mut values, (table, key)| {
        values.push_bind(*table).push_bind(*key);
    });
    sql.push(")");
    sql.build_query_as().persistent(rows.len() <= KEPT).fetch_all(conn).await
}

/// Gives rows their version and scope.
pub(in super::super) async fn put_rows(
    conn: &mut Conn,
    operator: OperatorId,
    rows: &[Place],
) -> Result<(), sqlx::Error> {
    let mut sql =
        QueryBuilder::<Db>::new("INSERT INTO feed_row (operator_id, table_no, row_key, version, scope_path) ");
    sql.push_values(rows, |mut values, row| {
        values.push_bind(operator.0).push_bind(row.table_no).push_bind(row.row_key);
        values.push_bind(row.version).push_bind(&row.scope_path);
    });
    sql.push(
        " ON CONFLICT (operator_id, table_no, row_key)
          DO UPDATE SET version = excluded.version, scope_path = excluded.scope_path",
    );
    sql.build().persistent(rows.len() <= KEPT).execute(conn).await.map(|_| ())
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
