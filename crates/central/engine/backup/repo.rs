//! SQL of backups.

use counterfoil_central_platform::console::BackupMark;
use counterfoil_domain::ids::{DeviceId, Epoch, OperatorId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

pub(crate) async fn marks(conn: &mut Conn) -> Result<Vec<BackupMark>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT o.id AS "id!: Uuid", o.epoch AS "epoch!: Uuid", f.version AS "version!: i64"
           FROM operator o JOIN feed f ON f.operator_id = o.id ORDER BY o.id"#
    )
    .fetch_all(conn)
    .await?;
    let mark = |id, epoch, version| BackupMark { operator: OperatorId(id), epoch: Epoch(epoch), version };
    Ok(rows.into_iter().map(|row| mark(row.id, row.epoch, row.version)).collect())
}

/// False when the mark is of another time or database. An older mark than the known one moves nothing back.
pub(super) async fn finish(conn: &mut Conn, mark: &BackupMark) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE feed SET backup_version = CASE WHEN backup_version < $2 THEN $2 ELSE backup_version END
         WHERE operator_id = $1 AND version >= $2
           AND EXISTS (SELECT 1 FROM operator WHERE operator.id = feed.operator_id AND operator.epoch = $3)",
        mark.operator.0,
        mark.version,
        mark.epoch.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn is_copy(conn: &mut Conn) -> Result<bool, sqlx::Error> {
    let rows = sqlx::query_scalar!(r#"SELECT COUNT(*) AS "rows!: i64" FROM backup_copy"#).fetch_one(conn).await?;
    Ok(rows > 0)
}

/// Says in a copy that it is one. PostgreSQL's dump is no database yet, so there it cannot be said.
#[allow(dead_code, reason = "only one of the two engines can say it")]
pub(crate) async fn mark_copy(conn: &mut Conn, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!("INSERT INTO backup_copy (one, made_at) VALUES (1, $1) ON CONFLICT (one) DO NOTHING", now.0)
        .execute(conn)
        .await
        .map(|_| ())
}

pub(super) async fn forget_copy(conn: &mut Conn) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM backup_copy").execute(conn).await.map(|_| ())
}

/// When anybody last did anything.
pub(super) async fn newest_act(conn: &mut Conn, operator: OperatorId) -> Result<Option<Timestamp>, sqlx::Error> {
    let newest = sqlx::query_scalar!(r#"SELECT MAX(at) AS "at?: i64" FROM audit WHERE operator_id = $1"#, operator.0)
        .fetch_one(conn)
        .await?;
    Ok(newest.map(Timestamp))
}

pub(super) async fn begin_epoch(
    conn: &mut Conn,
    operator: OperatorId,
    epoch: Epoch,
    skipped: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE operator SET epoch = $2, next_stock_number = next_stock_number + $3 WHERE id = $1",
        operator.0,
        epoch.0,
        skipped
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn end_sessions(conn: &mut Conn, operator: OperatorId, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE session SET ended_at = $2 WHERE operator_id = $1 AND ended_at IS NULL", operator.0, now.0)
        .execute(conn)
        .await
        .map(|_| ())
}

/// The lowest operation that the newest backup does not hold.
pub(super) async fn first_missing(conn: &mut Conn, device: DeviceId) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT MIN(op_seq) AS "seq?: i64" FROM device_op WHERE device_id = $1 AND feed_version >
             (SELECT f.backup_version FROM feed f JOIN device d ON d.operator_id = f.operator_id WHERE d.id = $1)"#,
        device.0
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn log_end(conn: &mut Conn, device: DeviceId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT log_seq AS "seq!: i64" FROM device WHERE id = $1"#, device.0).fetch_one(conn).await
}
