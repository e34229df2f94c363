//! SQL of the lines of a file.

use counterfoil_domain::ids::{BulkId, OperatorId};
use counterfoil_wire::bulk::BulkLine;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};
use crate::engine::bulk::BulkRecord;
use crate::engine::bulk::record::bulk_records;

/// Under its lock, while lines of it are missing.
pub(super) async fn hold(conn: &mut Conn, id: BulkId) -> Result<Option<BulkRecord>, sqlx::Error> {
    bulk_records!("UPDATE account_bulk SET lines = lines WHERE id = $1 AND state = 'receiving' RETURNING", "", id.0)
        .fetch_optional(conn)
        .await
}

pub(super) async fn insert(conn: &mut Conn, bulk: BulkId, first: i64, lines: &[BulkLine]) -> Result<(), sqlx::Error> {
    let mut position = first;
    for batch in lines.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO account_bulk_line
               (bulk_id, position, line, username, email, plan, last_day, gift, mac, max_connections, notes, reseller) ",
        );
        query.push_values(batch, |mut row, line| {
            row.push_bind(bulk.0).push_bind(position).push_bind(i64::from(line.line));
            row.push_bind(line.username.as_str()).push_bind(line.email.as_str()).push_bind(line.plan.as_str());
            row.push_bind(line.last_day.as_str()).push_bind(line.gift.as_str());
            row.push_bind(line.mac.as_str()).push_bind(line.max_connections.as_str());
            row.push_bind(line.notes.as_str()).push_bind(line.reseller.as_str());
            position += 1;
        });
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}

/// So many lines are there now; with the last one it is tried.
pub(super) async fn received(conn: &mut Conn, id: BulkId, total: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE account_bulk SET total = $2, state = CASE WHEN lines = $2 THEN 'planning' ELSE state END WHERE id = $1",
        id.0,
        total
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// A line before this one, in the file, with the same user name.
pub(super) async fn same_username(
    conn: &mut Conn,
    bulk: BulkId,
    username: &str,
    position: i64,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT line AS "line!: i64" FROM account_bulk_line
           WHERE bulk_id = $1 AND username = $2 AND position < $3 ORDER BY position LIMIT 1"#,
        bulk.0,
        username,
        position
    )
    .fetch_optional(conn)
    .await
}

/// A line before this one, in the file, with the same MAC address.
pub(super) async fn same_mac(
    conn: &mut Conn,
    bulk: BulkId,
    mac: &str,
    position: i64,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT line AS "line!: i64" FROM account_bulk_line
           WHERE bulk_id = $1 AND mac = $2 AND position < $3 ORDER BY position LIMIT 1"#,
        bulk.0,
        mac,
        position
    )
    .fetch_optional(conn)
    .await
}

/// Plans that are called so, however capitals stand; the first two.
pub(super) async fn plans_named(conn: &mut Conn, operator: OperatorId, name: &str) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id!: Uuid" FROM plan
           WHERE operator_id = $1 AND status = 'active' AND (name = $2 OR LOWER(name) = LOWER($2)) ORDER BY id LIMIT 2"#,
        operator.0,
        name
    )
    .fetch_all(conn)
    .await
}

/// The reseller with this user name or e-mail address.
pub(super) async fn reseller_named(
    conn: &mut Conn,
    operator: OperatorId,
    name: &str,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id!: Uuid" FROM reseller
           WHERE operator_id = $1 AND (username = $2 OR email = $2) ORDER BY id LIMIT 1"#,
        operator.0,
        name
    )
    .fetch_optional(conn)
    .await
}

/// Accounts that would be created for a reseller, of the lines that were tried.
pub(super) async fn planned(conn: &mut Conn, bulk: BulkId, reseller: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM account_bulk_row
           WHERE bulk_id = $1 AND state = 'planned' AND owner_id = $2"#,
        bulk.0,
        reseller
    )
    .fetch_one(conn)
    .await
}
