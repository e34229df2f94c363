//! Everything a viewer sees, table by table in the order of keys.

use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::OperatorId;
use uuid::Uuid;

use super::{ChangedRow, EntryRecord};
use crate::dialect::Conn;
use crate::engine::account::{AccountRecord, account_records};
use crate::engine::code::{CodeRecord, code_records};
use crate::engine::device::{DeviceView, device_views};
use crate::engine::lease::{LeaseView, lease_views};
use crate::engine::orders::{OrderRecord, order_records};

/// Keys of one table: behind the first, up to and including the last.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct KeySpan<'a> {
    pub(in super::super) operator: OperatorId,
    /// Path of the viewer; empty for staff.
    pub(in super::super) viewer: &'a str,
    pub(in super::super) after: Uuid,
    pub(in super::super) last: Uuid,
}

/// The next live rows of a table that a viewer sees, in the order of their keys.
pub(in super::super) async fn next_keys(
    conn: &mut Conn,
    operator: OperatorId,
    viewer: &str,
    (table, after): (i64, Uuid),
    limit: i64,
) -> Result<Vec<ChangedRow>, sqlx::Error> {
    sqlx::query_as!(
        ChangedRow,
        r#"SELECT table_no AS "table_no!: i64", row_key AS "row_key!: Uuid", version AS "version!: i64",
             FALSE AS "gone!: bool"
           FROM feed_row
           WHERE operator_id = $1 AND table_no = $2 AND row_key > $3 AND (scope_path = '' OR scope_path LIKE $4 || '%')
             AND (table_no <> 9 OR $4 IN ('', scope_path))
           ORDER BY row_key LIMIT $5"#,
        operator.0,
        table,
        after,
        viewer,
        limit
    )
    .fetch_all(conn)
    .await
}

/// How many live rows a viewer sees that changed behind a version, counted up to a limit.
pub(in super::super) async fn count_changed(
    conn: &mut Conn,
    operator: OperatorId,
    viewer: &str,
    version: i64,
    limit: i64,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM (SELECT 1 AS one FROM feed_row
             WHERE operator_id = $1 AND version > $2 AND (scope_path = '' OR scope_path LIKE $3 || '%')
               AND (table_no <> 9 OR $3 IN ('', scope_path)) LIMIT $4) AS changed"#,
        operator.0,
        version,
        viewer,
        limit
    )
    .fetch_one(conn)
    .await
}

pub(in super::super) async fn codes_of(conn: &mut Conn, span: &KeySpan<'_>) -> Result<Vec<CodeRecord>, sqlx::Error> {
    let table = i64::from(FeedTable::Code.ordinal());
    code_records!(
        "SELECT",
        "FROM code WHERE id IN (SELECT row_key FROM feed_row WHERE operator_id = $1 AND table_no = $2
           AND row_key > $3 AND row_key <= $4 AND (scope_path = '' OR scope_path LIKE $5 || '%'))",
        span.operator.0,
        table,
        span.after,
        span.last,
        span.viewer
    )
    .fetch_all(conn)
    .await
}

pub(in super::super) async fn accounts_of(
    conn: &mut Conn,
    span: &KeySpan<'_>,
) -> Result<Vec<AccountRecord>, sqlx::Error> {
    let table = i64::from(FeedTable::Account.ordinal());
    account_records!(
        "SELECT",
        "FROM account WHERE id IN (SELECT row_key FROM feed_row WHERE operator_id = $1 AND table_no = $2
           AND row_key > $3 AND row_key <= $4 AND (scope_path = '' OR scope_path LIKE $5 || '%'))",
        span.operator.0,
        table,
        span.after,
        span.last,
        span.viewer
    )
    .fetch_all(conn)
    .await
}

pub(in super::super) async fn orders_of(conn: &mut Conn, span: &KeySpan<'_>) -> Result<Vec<OrderRecord>, sqlx::Error> {
    let table = i64::from(FeedTable::Order.ordinal());
    order_records!(
        "WHERE o.id IN (SELECT row_key FROM feed_row WHERE operator_id = $1 AND table_no = $2
           AND row_key > $3 AND row_key <= $4 AND (scope_path = '' OR $5 IN ('', scope_path)))",
        span.operator.0,
        table,
        span.after,
        span.last,
        span.viewer
    )
    .fetch_all(conn)
    .await
}

pub(in super::super) async fn leases_of(conn: &mut Conn, span: &KeySpan<'_>) -> Result<Vec<LeaseView>, sqlx::Error> {
    let table = i64::from(FeedTable::Lease.ordinal());
    lease_views!(
        "FROM lease WHERE id IN (SELECT row_key FROM feed_row WHERE operator_id = $1 AND table_no = $2
           AND row_key > $3 AND row_key <= $4 AND (scope_path = '' OR scope_path LIKE $5 || '%'))",
        span.operator.0,
        table,
        span.after,
        span.last,
        span.viewer
    )
    .fetch_all(conn)
    .await
}

pub(in super::super) async fn devices_of(conn: &mut Conn, span: &KeySpan<'_>) -> Result<Vec<DeviceView>, sqlx::Error> {
    let table = i64::from(FeedTable::Device.ordinal());
    device_views!(
        "FROM device WHERE id IN (SELECT row_key FROM feed_row WHERE operator_id = $1 AND table_no = $2
           AND row_key > $3 AND row_key <= $4 AND (scope_path = '' OR scope_path LIKE $5 || '%'))",
        span.operator.0,
        table,
        span.after,
        span.last,
        span.viewer
    )
    .fetch_all(conn)
    .await
}

pub(in super::super) async fn entries_of(conn: &mut Conn, span: &KeySpan<'_>) -> Result<Vec<EntryRecord>, sqlx::Error> {
    let table = i64::from(FeedTable::Entry.ordinal());
    sqlx::query_as!(
        EntryRecord,
        r#"SELECT e.transfer_id AS "transfer_id!: Uuid", a.reseller_id AS "reseller_id!: Uuid",
             e.account_id AS "account_id!: Uuid", e.seq AS "seq!: i64", t.at AS "at!: i64", t.kind AS "kind!: String",
             e.delta AS "delta!: i64", e.balance_before AS "balance_before!: i64",
             e.balance_after AS "balance_after!: i64", t.unit AS "unit!: String", t.note AS "note?: String",
             t.reference AS "reference?: String", t.source_event AS "source_event!: String",
             m.username AS "by?: String"
           FROM transfer t JOIN entry e ON e.transfer_id = t.id
             JOIN ledger_account a ON a.id = e.account_id AND a.kind = 'wallet'
             LEFT JOIN transfer_by b ON b.transfer_id = t.id LEFT JOIN member m ON m.id = b.actor_id
           WHERE t.id IN (SELECT row_key FROM feed_row WHERE operator_id = $1 AND table_no = $2
             AND row_key > $3 AND row_key <= $4 AND (scope_path = '' OR scope_path LIKE $5 || '%'))"#,
        span.operator.0,
        table,
        span.after,
        span.last,
        span.viewer
    )
    .fetch_all(conn)
    .await
}
