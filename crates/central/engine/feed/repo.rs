//! SQL of the feed.

use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::OperatorId;
use uuid::Uuid;

use crate::dialect::Conn;
use crate::engine::account::{AccountRecord, account_records};
use crate::engine::code::{CodeRecord, code_records};
use crate::engine::device::{DeviceView, device_views};
use crate::engine::lease::{LeaseView, lease_views};
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

/// Where a page begins and ends: behind the first place, up to and including the last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) operator: OperatorId,
    pub(super) after: (i64, i64, Uuid),
    pub(super) last: (i64, i64, Uuid),
}

/// One changed row, without its content.
#[derive(Debug, Clone)]
pub(super) struct ChangedRow {
    pub(super) table_no: i64,
    pub(super) row_key: Uuid,
    pub(super) version: i64,
    pub(super) gone: bool,
}

pub(super) async fn head(conn: &mut Conn, operator: OperatorId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT version AS "version!: i64" FROM feed WHERE operator_id = $1"#, operator.0)
        .fetch_one(conn)
        .await
}

/// Rows in scope behind a place, in the order of their versions.
pub(super) async fn changed(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &str,
    after: (i64, i64, Uuid),
    limit: i64,
) -> Result<Vec<ChangedRow>, sqlx::Error> {
    sqlx::query_as!(
        ChangedRow,
        r#"SELECT table_no AS "table_no!: i64", row_key AS "row_key!: Uuid", version AS "version!: i64",
             gone AS "gone!: bool"
           FROM feed_row
           WHERE operator_id = $1 AND (version, table_no, row_key) > ($2, $3, $4)
             AND (scope_path = '' OR scope_path LIKE $5 || '%')
           ORDER BY version, table_no, row_key LIMIT $6"#,
        operator.0,
        after.0,
        after.1,
        after.2,
        scope,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn codes(conn: &mut Conn, span: &Span) -> Result<Vec<CodeRecord>, sqlx::Error> {
    let table = i64::from(FeedTable::Code.ordinal());
    code_records!(
        "SELECT",
        "FROM code WHERE id IN (SELECT row_key FROM feed_row WHERE operator_id = $1 AND table_no = $2
           AND (version, table_no, row_key) > ($3, $4, $5) AND (version, table_no, row_key) <= ($6, $7, $8))",
        span.operator.0,
        table,
        span.after.0,
        span.after.1,
        span.after.2,
        span.last.0,
        span.last.1,
        span.last.2
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn accounts(conn: &mut Conn, span: &Span) -> Result<Vec<AccountRecord>, sqlx::Error> {
    let table = i64::from(FeedTable::Account.ordinal());
    account_records!(
        "SELECT",
        "FROM account WHERE id IN (SELECT row_key FROM feed_row WHERE operator_id = $1 AND table_no = $2
           AND (version, table_no, row_key) > ($3, $4, $5) AND (version, table_no, row_key) <= ($6, $7, $8))",
        span.operator.0,
        table,
        span.after.0,
        span.after.1,
        span.after.2,
        span.last.0,
        span.last.1,
        span.last.2
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn leases(conn: &mut Conn, span: &Span) -> Result<Vec<LeaseView>, sqlx::Error> {
    let table = i64::from(FeedTable::Lease.ordinal());
    lease_views!(
        "FROM lease WHERE id IN (SELECT row_key FROM feed_row WHERE operator_id = $1 AND table_no = $2
           AND (version, table_no, row_key) > ($3, $4, $5) AND (version, table_no, row_key) <= ($6, $7, $8))",
        span.operator.0,
        table,
        span.after.0,
        span.after.1,
        span.after.2,
        span.last.0,
        span.last.1,
        span.last.2
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn devices(conn: &mut Conn, span: &Span) -> Result<Vec<DeviceView>, sqlx::Error> {
    let table = i64::from(FeedTable::Device.ordinal());
    device_views!(
        "FROM device WHERE id IN (SELECT row_key FROM feed_row WHERE operator_id = $1 AND table_no = $2
           AND (version, table_no, row_key) > ($3, $4, $5) AND (version, table_no, row_key) <= ($6, $7, $8))",
        span.operator.0,
        table,
        span.after.0,
        span.after.1,
        span.after.2,
        span.last.0,
        span.last.1,
        span.last.2
    )
    .fetch_all(conn)
    .await
}

/// The wallet's side of a transfer.
#[derive(Debug, Clone)]
pub(super) struct EntryRecord {
    pub(super) transfer_id: Uuid,
    pub(super) reseller_id: Uuid,
    pub(super) account_id: Uuid,
    pub(super) seq: i64,
    pub(super) at: i64,
    pub(super) kind: String,
    pub(super) delta: i64,
    pub(super) balance_before: i64,
    pub(super) balance_after: i64,
    pub(super) unit: String,
    pub(super) note: Option<String>,
    pub(super) reference: Option<String>,
}

pub(super) async fn entries(conn: &mut Conn, span: &Span) -> Result<Vec<EntryRecord>, sqlx::Error> {
    let table = i64::from(FeedTable::Entry.ordinal());
    sqlx::query_as!(
        EntryRecord,
        r#"SELECT e.transfer_id AS "transfer_id!: Uuid", a.reseller_id AS "reseller_id!: Uuid",
             e.account_id AS "account_id!: Uuid", e.seq AS "seq!: i64", t.at AS "at!: i64", t.kind AS "kind!: String",
             e.delta AS "delta!: i64", e.balance_before AS "balance_before!: i64",
             e.balance_after AS "balance_after!: i64", t.unit AS "unit!: String", t.note AS "note?: String",
             t.reference AS "reference?: String"
           FROM transfer t JOIN entry e ON e.transfer_id = t.id
             JOIN ledger_account a ON a.id = e.account_id AND a.kind = 'wallet'
           WHERE t.id IN (SELECT row_key FROM feed_row WHERE operator_id = $1 AND table_no = $2
             AND (version, table_no, row_key) > ($3, $4, $5) AND (version, table_no, row_key) <= ($6, $7, $8))"#,
        span.operator.0,
        table,
        span.after.0,
        span.after.1,
        span.after.2,
        span.last.0,
        span.last.1,
        span.last.2
    )
    .fetch_all(conn)
    .await
}
