//! SQL of devices.

use counterfoil_domain::ids::{DeviceId, OperatorId, SessionId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::record::{DeviceRecord, DeviceView, device_views};
use crate::dialect::Conn;

/// Takes the row's lock, the first of all, and notes that the device was here.
pub(super) async fn lock(
    conn: &mut Conn,
    device: DeviceId,
    now: Timestamp,
) -> Result<Option<DeviceRecord>, sqlx::Error> {
    sqlx::query_as!(
        DeviceRecord,
        r#"UPDATE device SET last_seen_at = $2 WHERE id = $1
           RETURNING id AS "id!: Uuid", operator_id AS "operator_id!: Uuid", reseller_id AS "reseller_id?: Uuid",
             (SELECT path FROM reseller WHERE reseller.id = device.reseller_id) AS "reseller_path?: String",
             signing_key AS "signing_key!: Vec<u8>", sealing_key AS "sealing_key!: Vec<u8>",
             status AS "status!: String", log_seq AS "log_seq!: i64", log_hash AS "log_hash!: Vec<u8>",
             last_seen_at AS "last_seen_at?: i64""#,
        device.0,
        now.0
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn find(conn: &mut Conn, device: DeviceId) -> Result<Option<DeviceRecord>, sqlx::Error> {
    sqlx::query_as!(
        DeviceRecord,
        r#"SELECT id AS "id!: Uuid", operator_id AS "operator_id!: Uuid", reseller_id AS "reseller_id?: Uuid",
             (SELECT path FROM reseller WHERE reseller.id = device.reseller_id) AS "reseller_path?: String",
             signing_key AS "signing_key!: Vec<u8>", sealing_key AS "sealing_key!: Vec<u8>",
             status AS "status!: String", log_seq AS "log_seq!: i64", log_hash AS "log_hash!: Vec<u8>",
             last_seen_at AS "last_seen_at?: i64"
           FROM device WHERE id = $1"#,
        device.0
    )
    .fetch_optional(conn)
    .await
}

pub(super) struct NewDevice<'a> {
    pub(super) id: DeviceId,
    pub(super) operator: OperatorId,
    pub(super) reseller: Option<Uuid>,
    pub(super) name: &'a str,
    pub(super) signing_key: &'a [u8],
    pub(super) sealing_key: &'a [u8],
    pub(super) log_hash: &'a [u8],
    pub(super) enrolled_by: Uuid,
    pub(super) now: Timestamp,
}

/// False when the id is there already.
pub(super) async fn insert(conn: &mut Conn, device: &NewDevice<'_>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO device (id, operator_id, reseller_id, name, signing_key, sealing_key, status, log_hash,
           enrolled_by, enrolled_at, last_seen_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'active', $7, $8, $9, $9) ON CONFLICT (id) DO NOTHING",
        device.id.0,
        device.operator.0,
        device.reseller,
        device.name,
        device.signing_key,
        device.sealing_key,
        device.log_hash,
        device.enrolled_by,
        device.now.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn epoch(conn: &mut Conn, operator: OperatorId) -> Result<Uuid, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT epoch AS "epoch!: Uuid" FROM operator WHERE id = $1"#, operator.0)
        .fetch_one(conn)
        .await
}

pub(super) async fn reseller_path(conn: &mut Conn, reseller: Uuid) -> Result<String, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT path AS "path!: String" FROM reseller WHERE id = $1"#, reseller).fetch_one(conn).await
}

/// Freezes an active device.
pub(super) async fn quarantine(conn: &mut Conn, device: DeviceId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE device SET status = 'quarantined' WHERE id = $1 AND status = 'active'", device.0)
        .execute(conn)
        .await
        .map(|_| ())
}

/// Blocks a device; false where it was.
pub(super) async fn retire(conn: &mut Conn, device: DeviceId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!("UPDATE device SET status = 'retired' WHERE id = $1 AND status <> 'retired'", device.0)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Nobody knows who sits at which machine, so all of the shop's people sign in again, but for the one who asks.
pub(super) async fn end_sessions_of_shop(
    conn: &mut Conn,
    reseller: Uuid,
    but: SessionId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE session SET ended_at = $3 WHERE ended_at IS NULL AND audience = 'reseller' AND id <> $2
           AND user_id IN (SELECT id FROM member WHERE reseller_id = $1)",
        reseller,
        but.0,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// The same of a desktop of the operator's.
pub(super) async fn end_sessions_of_staff(
    conn: &mut Conn,
    operator: OperatorId,
    but: SessionId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE session SET ended_at = $3 WHERE ended_at IS NULL AND audience = 'admin' AND id <> $2
           AND operator_id = $1",
        operator.0,
        but.0,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn view(conn: &mut Conn, device: DeviceId) -> Result<Option<DeviceView>, sqlx::Error> {
    device_views!("FROM device WHERE id = $1", device.0).fetch_optional(conn).await
}

pub(super) async fn insert_incident(
    conn: &mut Conn,
    operator: OperatorId,
    incident: &super::Incident<'_>,
) -> Result<(), sqlx::Error> {
    let device = incident.device.map(|device| device.0);
    sqlx::query!(
        "INSERT INTO incident (id, operator_id, device_id, kind, detail, at) VALUES ($1, $2, $3, $4, $5, $6)",
        incident.id,
        operator.0,
        device,
        incident.kind,
        incident.detail,
        incident.at.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Devices after (enrolled, id), newest first.
pub(super) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    before: (i64, Uuid),
    limit: i64,
) -> Result<Vec<DeviceView>, sqlx::Error> {
    device_views!(
        "FROM device WHERE operator_id = $1 AND (enrolled_at, id) < ($2, $3)
         ORDER BY enrolled_at DESC, id DESC LIMIT $4",
        operator.0,
        before.0,
        before.1,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Those of a reseller, as [`list`].
pub(super) async fn of_reseller(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: Uuid,
    before: (i64, Uuid),
    limit: i64,
) -> Result<Vec<DeviceView>, sqlx::Error> {
    device_views!(
        "FROM device WHERE operator_id = $1 AND (enrolled_at, id) < ($2, $3) AND reseller_id = $4
         ORDER BY enrolled_at DESC, id DESC LIMIT $5",
        operator.0,
        before.0,
        before.1,
        reseller,
        limit
    )
    .fetch_all(conn)
    .await
}

/// The operator's own, as [`list`].
pub(super) async fn of_staff(
    conn: &mut Conn,
    operator: OperatorId,
    before: (i64, Uuid),
    limit: i64,
) -> Result<Vec<DeviceView>, sqlx::Error> {
    device_views!(
        "FROM device WHERE operator_id = $1 AND (enrolled_at, id) < ($2, $3) AND reseller_id IS NULL
         ORDER BY enrolled_at DESC, id DESC LIMIT $4",
        operator.0,
        before.0,
        before.1,
        limit
    )
    .fetch_all(conn)
    .await
}
