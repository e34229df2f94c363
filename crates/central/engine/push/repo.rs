//! SQL of the operation log.

use std::collections::HashMap;

use counterfoil_domain::ids::{DeviceId, LeaseId, OrderId};
use counterfoil_domain::oplog::{Known, LogHead};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

/// What is known at `base` and from `from` to `to`. A number inside a loss has no hash, and is not known.
pub(super) async fn known(
    conn: &mut Conn,
    device: DeviceId,
    base: u32,
    from: u32,
    to: u32,
) -> Result<HashMap<u32, Known>, sqlx::Error> {
    let (base, from, to) = (i64::from(base), i64::from(from), i64::from(to));
    let rows = sqlx::query!(
        r#"SELECT op_seq AS "op_seq!: i64", hash AS "hash!: Vec<u8>", body IS NULL AS "lost!: bool" FROM device_op
           WHERE device_id = $1 AND (op_seq = $2 OR op_seq BETWEEN $3 AND $4)"#,
        device.0,
        base,
        from,
        to
    )
    .fetch_all(conn)
    .await?;
    let known = rows.into_iter().filter_map(|row| {
        let hash = row.hash.try_into().ok()?;
        Some((u32::try_from(row.op_seq).ok()?, Known { hash, lost: row.lost }))
    });
    Ok(known.collect())
}

/// What an operation was answered.
pub(super) struct Answer {
    pub(super) outcome: Option<String>,
    pub(super) feed_version: i64,
}

pub(super) async fn answer(conn: &mut Conn, device: DeviceId, seq: u32) -> Result<Option<Answer>, sqlx::Error> {
    let seq = i64::from(seq);
    sqlx::query_as!(
        Answer,
        r#"SELECT outcome AS "outcome?: String", feed_version AS "feed_version!: i64" FROM device_op
           WHERE device_id = $1 AND op_seq = $2"#,
        device.0,
        seq
    )
    .fetch_optional(conn)
    .await
}

pub(super) struct StoredOp {
    pub(super) op_seq: i64,
    pub(super) body: Option<String>,
    pub(super) hash: Vec<u8>,
    pub(super) outcome: Option<String>,
    pub(super) feed_version: i64,
}

pub(super) async fn tail(
    conn: &mut Conn,
    device: DeviceId,
    after: u32,
    limit: i64,
) -> Result<Vec<StoredOp>, sqlx::Error> {
    let after = i64::from(after);
    sqlx::query_as!(
        StoredOp,
        r#"SELECT op_seq AS "op_seq!: i64", body AS "body?: String", hash AS "hash!: Vec<u8>",
             outcome AS "outcome?: String", feed_version AS "feed_version!: i64"
           FROM device_op WHERE device_id = $1 AND op_seq > $2 ORDER BY op_seq LIMIT $3"#,
        device.0,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn head(conn: &mut Conn, device: DeviceId) -> Result<(i64, Vec<u8>), sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT log_seq AS "seq!: i64", log_hash AS "hash!: Vec<u8>" FROM device WHERE id = $1"#,
        device.0
    )
    .fetch_one(conn)
    .await?;
    Ok((row.seq, row.hash))
}

pub(super) struct NewOp<'a> {
    pub(super) seq: u32,
    pub(super) body: &'a str,
    pub(super) hash: &'a [u8],
    pub(super) outcome: &'a str,
    pub(super) version: i64,
}

pub(super) async fn insert_op(
    conn: &mut Conn,
    device: DeviceId,
    op: &NewOp<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let seq = i64::from(op.seq);
    sqlx::query!(
        "INSERT INTO device_op (device_id, op_seq, body, hash, outcome, feed_version, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        device.0,
        seq,
        op.body,
        op.hash,
        op.outcome,
        op.version,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn insert_lost(
    conn: &mut Conn,
    device: DeviceId,
    seq: u32,
    hash: &[u8],
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let seq = i64::from(seq);
    sqlx::query!(
        "INSERT INTO device_op (device_id, op_seq, hash, feed_version, received_at) VALUES ($1, $2, $3, 0, $4)",
        device.0,
        seq,
        hash,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// An operation that was declared lost turned up: its body and answer stand at its old number.
pub(super) async fn fill_lost(
    conn: &mut Conn,
    device: DeviceId,
    op: &NewOp<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let seq = i64::from(op.seq);
    sqlx::query!(
        "UPDATE device_op SET body = $3, hash = $4, outcome = $5, feed_version = $6, received_at = $7
         WHERE device_id = $1 AND op_seq = $2 AND body IS NULL",
        device.0,
        seq,
        op.body,
        op.hash,
        op.outcome,
        op.version,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// A loss is in a backup that holds the version in which it was declared.
pub(super) async fn date_losses(conn: &mut Conn, device: DeviceId, version: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE device_op SET feed_version = $2 WHERE device_id = $1 AND feed_version = 0 AND body IS NULL",
        device.0,
        version
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// The hash at the end of a smaller loss inside a greater one.
pub(super) async fn put_lost_hash(conn: &mut Conn, device: DeviceId, through: LogHead) -> Result<(), sqlx::Error> {
    let (seq, hash) = (i64::from(through.seq), through.hash.as_slice());
    sqlx::query!(
        "UPDATE device_op SET hash = $3 WHERE device_id = $1 AND op_seq = $2 AND body IS NULL",
        device.0,
        seq,
        hash
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn move_head(conn: &mut Conn, device: DeviceId, head: LogHead) -> Result<(), sqlx::Error> {
    let (seq, hash) = (i64::from(head.seq), head.hash.as_slice());
    sqlx::query!("UPDATE device SET log_seq = $2, log_hash = $3 WHERE id = $1", device.0, seq, hash)
        .execute(conn)
        .await
        .map(|_| ())
}

/// Takes the lock of a lease if it is this device's.
pub(super) async fn lock_lease(conn: &mut Conn, device: DeviceId, lease: LeaseId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE lease SET state = state WHERE id = $1 AND device_id = $2", lease.0, device.0)
        .execute(conn)
        .await
        .map(|_| ())
}

/// Takes the lock of an order if it is this reseller's.
pub(super) async fn lock_order(conn: &mut Conn, reseller: Option<Uuid>, order: OrderId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE market_order SET state = state WHERE id = $1 AND reseller_id = $2", order.0, reseller)
        .execute(conn)
        .await
        .map(|_| ())
}
