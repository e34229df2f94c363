//! Pages: what changed behind a place, and the content of it.

use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::OperatorId;
use uuid::Uuid;

use crate::dialect::Conn;
use crate::engine::account::{AccountRecord, account_records};
use crate::engine::code::{CodeRecord, code_records};
use crate::engine::device::{DeviceView, device_views};
use crate::engine::lease::{LeaseView, lease_views};
use crate::engine::orders::{OrderRecord, order_records};

/// Where a page begins and ends: behind the first place, up to and including the last.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Span<'a> {
    pub(in super::super) operator: OperatorId,
    /// Path of the viewer; empty for staff.
    pub(in super::super) viewer: &'a str,
    pub(in super::super) after: (i64, i64, Uuid),
    pub(in super::super) last: (i64, i64, Uuid),
}

/// One changed row, without its content.
#[derive(Debug, Clone)]
pub(in super::super) struct ChangedRow {
    pub(in super::super) table_no: i64,
    pub(in super::super) row_key: Uuid,
    pub(in super::super) version: i64,
    /// It left the viewer's sight.
    pub(in super::super) gone: bool,
}

/// Where the feed ends.
pub(in super::super) struct Head {
    pub(in super::super) version: i64,
    /// Exits up to this version may be forgotten.
    pub(in super::super) forgotten: i64,
}

pub(in super::super) async fn head(conn: &mut Conn, operator: OperatorId) -> Result<Head, sqlx::Error> {
    sqlx::query_as!(
        Head,
        r#"SELECT version AS "version!: i64", forgotten_version AS "forgotten!: i64" FROM feed WHERE operator_id = $1"#,
        operator.0
    )
    .fetch_one(conn)
    .await
}

/// Live rows of the first so many tables that a viewer sees behind a place, in the order of their versions. Orders, table
/// 9, are their reseller's own.
pub(in super::super) async fn changed(
    conn: &mut Conn,
    operator: OperatorId,
    (viewer, tables): (&str, i64),
    after: (i64, i64, Uuid),
    limit: i64,
) -> Result<Vec<ChangedRow>, sqlx::Error> {
    sqlx::query_as!(
        ChangedRow,
        r#"SELECT table_no AS "table_no!: i64", row_key AS "row_key!: Uuid", version AS "version!: i64",
             FALSE AS "gone!: bool"
           FROM feed_row
           WHERE operator_id = $1 AND (version, table_no, row_key) > ($2, $3, $4)
             AND (scope_path = '' OR scope_path LIKE $5 || '%')
             AND table_no < $7 AND (table_no <> 9 OR $5 IN ('', scope_path))
           ORDER BY version, table_no, row_key LIMIT $6"#,
        operator.0,
        after.0,
        after.1,
        after.2,
        viewer,
        limit,
        tables
    )
    .fetch_all(conn)
    .await
}

/// Rows that left the viewer's sight behind a place: seen where they stood, and nowhere now.
pub(in super::super) async fn left(
    conn: &mut Conn,
    operator: OperatorId,
    (viewer, tables): (&str, i64),
    after: (i64, i64, Uuid),
    limit: i64,
) -> Result<Vec<ChangedRow>, sqlx::Error> {
    sqlx::query_as!(
        ChangedRow,
        r#"SELECT table_no AS "table_no!: i64", row_key AS "row_key!: Uuid", version AS "version!: i64",
             TRUE AS "gone!: bool"
           FROM feed_exit
           WHERE operator_id = $1 AND (version, table_no, row_key) > ($2, $3, $4)
             AND (scope_path = '' OR scope_path LIKE $5 || '%')
             AND table_no < $7 AND (table_no <> 9 OR $5 IN ('', scope_path))
             AND NOT EXISTS (SELECT 1 FROM feed_row
               WHERE feed_row.operator_id = feed_exit.operator_id AND feed_row.table_no = feed_exit.table_no
                 AND feed_row.row_key = feed_exit.row_key
                 AND (feed_row.scope_path = '' OR feed_row.scope_path LIKE $5 || '%')
                 AND (feed_row.table_no <> 9 OR $5 IN ('', feed_row.scope_path)))
           ORDER BY version, table_no, row_key LIMIT $6"#,
        operator.0,
        after.0,
        after.1,
        after.2,
        viewer,
        limit,
        tables
    )
    .fetch_all(conn)
    .await
}

pub(in super::super) async fn codes(conn: &mut Conn, span: &Span<'_>) -> Result<Vec<CodeRecord>, sqlx::Error> {
    let table = i64::from(FeedTable::Code.ordinal());
    code_records!(
        "SELECT",
        "FROM code WHERE id IN (SELECT row_key FROM feed_row WHERE operator_id = $1 AND table_no = $2
           AND (version, table_no, row_key) > ($3, $4, $5) AND (version, table_no, row_key) <= ($6, $7, $8)
           AND (scope_path = '' OR scope_path LIKE $9 || '%'))",
        span.operator.0,
        table,
        span.after.0,
        span.after.1,
        span.after.2,
        span.last.0,
        span.last.1,
        span.last.2,
        span.viewer
    )
    .fetch_all(conn)
    .await
}

pub(in super::super) async fn accounts(conn: &mut Conn, span: &Span<'_>) -> Result<Vec<AccountRecord>, sqlx::Error> {
    let table = i64::from(FeedTable::Account.ordinal());
    account_records!(
        "SELECT",
        "FROM account WHERE id IN (SELECT row_key FROM feed_row WHERE operator_id = $1 AND table_no = $2
           AND (version, table_no, row_key) > ($3, $4, $5) AND (version, table_no, row_key) <= ($6, $7, $8)
           AND (scope_path = '' OR scope_path LIKE $9 || '%'))",
        span.operator.0,
        table,
        span.after.0,
        span.after.1,
        span.after.2,
        span.last.0,
        span.last.1,
        span.last.2,
        span.viewer
    )
    .fetch_all(conn)
    .await
}

pub(in super::super) async fn orders(conn: &mut Conn, span: &Span<'_>) -> Result<Vec<OrderRecord>, sqlx::Error> {
    let table = i64::from(FeedTable::Order.ordinal());
    order_records!(
        "WHERE o.id IN (SELECT row_key FROM feed_row WHERE operator_id = $1 AND table_no = $2
           AND (version, table_no, row_key) > ($3, $4, $5) AND (version, table_no, row_key) <= ($6, $7, $8)
           AND (scope_path = '' OR $9 IN ('', scope_path)))",
        span.operator.0,
        table,
        span.after.0,
        span.after.1,
        span.after.2,
        span.last.0,
        span.last.1,
        span.last.2,
        span.viewer
    )
    .fetch_all(conn)
    .await
}

pub(in super::super) async fn leases(conn: &mut Conn, span: &Span<'_>) -> Result<Vec<LeaseView>, sqlx::Error> {
    let table = i64::from(FeedTable::Lease.ordinal());
    lease_views!(
        "FROM lease WHERE id IN (SELECT row_key FROM feed_row WHERE operator_id = $1 AND table_no = $2
           AND (version, table_no, row_key) > ($3, $4, $5) AND (version, table_no, row_key) <= ($6, $7, $8)
           AND (scope_path = '' OR scope_path LIKE $9 || '%'))",
        span.operator.0,
        table,
        span.after.0,
        span.after.1,
        span.after.2,
        span.last.0,
        span.last.1,
        span.last.2,
        span.viewer
    )
    .fetch_all(conn)
    .await
}

pub(in super::super) async fn devices(conn: &mut Conn, span: &Span<'_>) -> Result<Vec<DeviceView>, sqlx::Error> {
    let table = i64::from(FeedTable::Device.ordinal());
    device_views!(
        "FROM device WHERE id IN (SELECT row_key FROM feed_row WHERE operator_id = $1 AND table_no = $2
           AND (version, table_no, row_key) > ($3, $4, $5) AND (version, table_no, row_key) <= ($6, $7, $8)
           AND (scope_path = '' OR scope_path LIKE $9 || '%'))",
        span.operator.0,
        table,
        span.after.0,
        span.after.1,
        span.after.2,
        span.last.0,
        span.last.1,
        span.last.2,
        span.viewer
    )
    .fetch_all(conn)
    .await
}

/// The wallet's side of a transfer.
#[derive(Debug, Clone)]
pub(in super::super) struct EntryRecord {
    pub(in super::super) transfer_id: Uuid,
    pub(in super::super) reseller_id: Uuid,
    pub(in super::super) account_id: Uuid,
    pub(in super::super) seq: i64,
    pub(in super::super) at: i64,
    pub(in super::super) kind: String,
    pub(in super::super) delta: i64,
    pub(in super::super) balance_before: i64,
    pub(in super::super) balance_after: i64,
    pub(in super::super) unit: String,
    pub(in super::super) note: Option<String>,
    pub(in super::super) reference: Option<String>,
    pub(in super::super) source_event: String,
    pub(in super::super) by: Option<String>,
}

pub(in super::super) async fn entries(conn: &mut Conn, span: &Span<'_>) -> Result<Vec<EntryRecord>, sqlx::Error> {
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
             AND (version, table_no, row_key) > ($3, $4, $5) AND (version, table_no, row_key) <= ($6, $7, $8)
           AND (scope_path = '' OR scope_path LIKE $9 || '%'))"#,
        span.operator.0,
        table,
        span.after.0,
        span.after.1,
        span.after.2,
        span.last.0,
        span.last.1,
        span.last.2,
        span.viewer
    )
    .fetch_all(conn)
    .await
}
