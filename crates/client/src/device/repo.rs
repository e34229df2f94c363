//! The rows about this device and its user.

use counterfoil_domain::ids::{DeviceId, Epoch, OperatorId, ResellerId};
use counterfoil_domain::oplog::LogHead;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::sessions::{Audience, Me};
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{Device, Member};
use crate::store::StoreError;

pub(crate) async fn device(db: &mut SqliteConnection) -> Result<Option<Device>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT server_url, device_id AS "device_id: Uuid", device_name, enrolled AS "enrolled: bool",
            operator_id AS "operator_id: Uuid", operator_name, time_zone, currency,
            reseller_id AS "reseller_id: Uuid", central_key, server_time, quarantined,
            head_seq, head_hash, acked_seq, acked_hash, central_epoch AS "central_epoch: Uuid", last_sync_at
        FROM device WHERE one = 1"#
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        Ok(Device {
            server_url: row.server_url,
            device_id: DeviceId(row.device_id),
            name: row.device_name,
            enrolled: row.enrolled,
            operator_id: row.operator_id.map(OperatorId),
            operator_name: row.operator_name,
            time_zone: row.time_zone,
            currency: row.currency,
            reseller_id: row.reseller_id.map(ResellerId),
            central_key: row.central_key.map(|key| hash("central_key", &key)).transpose()?,
            server_time: Timestamp(row.server_time),
            quarantined: row.quarantined,
            head: LogHead { seq: number("head_seq", row.head_seq)?, hash: hash("head_hash", &row.head_hash)? },
            acked: LogHead { seq: number("acked_seq", row.acked_seq)?, hash: hash("acked_hash", &row.acked_hash)? },
            epoch: row.central_epoch.map(Epoch),
            last_sync_at: row.last_sync_at.map(Timestamp),
        })
    })
    .transpose()
}

/// Names the device before Central hears of it: an answer that is lost is asked for again with the same id.
pub(crate) async fn begin_enrolment(
    db: &mut SqliteConnection,
    server_url: &str,
    device_id: DeviceId,
    name: &str,
) -> Result<(), StoreError> {
    let genesis = LogHead::genesis(device_id);
    let hash = genesis.hash.as_slice();
    sqlx::query!(
        "INSERT INTO device (one, server_url, device_id, device_name, enrolled, operator_name, time_zone, currency,
            server_time, head_seq, head_hash, acked_seq, acked_hash, backup_watermark)
        VALUES (1, ?1, ?2, ?3, FALSE, '', 'UTC', '', 0, 0, ?4, 0, ?4, 0)
        ON CONFLICT (one) DO UPDATE SET server_url = ?1, device_id = ?2, device_name = ?3, head_seq = 0,
            head_hash = ?4, acked_seq = 0, acked_hash = ?4
        WHERE NOT enrolled",
        server_url,
        device_id.0,
        name,
        hash
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) struct Enrolment<'a> {
    pub(crate) operator_id: OperatorId,
    pub(crate) operator_name: &'a str,
    pub(crate) time_zone: &'a str,
    pub(crate) currency: &'a str,
    pub(crate) reseller_id: Option<ResellerId>,
    pub(crate) central_key: [u8; 32],
}

pub(crate) async fn finish_enrolment(db: &mut SqliteConnection, enrolment: &Enrolment<'_>) -> Result<(), StoreError> {
    let reseller = enrolment.reseller_id.map(|id| id.0);
    let key = enrolment.central_key.as_slice();
    sqlx::query!(
        "UPDATE device SET enrolled = TRUE, operator_id = ?1, operator_name = ?2, time_zone = ?3, currency = ?4,
            reseller_id = ?5, central_key = ?6 WHERE one = 1",
        enrolment.operator_id.0,
        enrolment.operator_name,
        enrolment.time_zone,
        enrolment.currency,
        reseller,
        key
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets an enrolment that never made an operation.
pub(crate) async fn forget(db: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM device WHERE one = 1 AND head_seq = 0 AND reseller_id IS NULL").execute(db).await?;
    Ok(())
}

pub(crate) async fn set_server_url(db: &mut SqliteConnection, url: &str) -> Result<(), StoreError> {
    sqlx::query!("UPDATE device SET server_url = ?1 WHERE one = 1", url).execute(db).await?;
    Ok(())
}

pub(crate) async fn set_operator(
    db: &mut SqliteConnection,
    name: &str,
    time_zone: &str,
    currency: &str,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE device SET operator_name = ?1, time_zone = ?2, currency = ?3 WHERE one = 1",
        name,
        time_zone,
        currency
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn set_head(db: &mut SqliteConnection, head: LogHead) -> Result<(), StoreError> {
    let seq = i64::from(head.seq);
    let hash = head.hash.as_slice();
    sqlx::query!("UPDATE device SET head_seq = ?1, head_hash = ?2 WHERE one = 1", seq, hash).execute(db).await?;
    Ok(())
}

pub(crate) async fn set_acked(db: &mut SqliteConnection, head: LogHead) -> Result<(), StoreError> {
    let seq = i64::from(head.seq);
    let hash = head.hash.as_slice();
    sqlx::query!("UPDATE device SET acked_seq = ?1, acked_hash = ?2 WHERE one = 1", seq, hash).execute(db).await?;
    Ok(())
}

/// Notes the Central this device agrees with; none makes the next sync compare first.
pub(crate) async fn set_epoch(db: &mut SqliteConnection, epoch: Option<Epoch>) -> Result<(), StoreError> {
    let epoch = epoch.map(|epoch| epoch.0);
    sqlx::query!("UPDATE device SET central_epoch = ?1 WHERE one = 1", epoch).execute(db).await?;
    Ok(())
}

/// Never moves back: a server whose clock was turned back must not lengthen a lease.
pub(crate) async fn learn_server_time(db: &mut SqliteConnection, at: Timestamp) -> Result<(), StoreError> {
    sqlx::query!("UPDATE device SET server_time = MAX(server_time, ?1) WHERE one = 1", at.0).execute(db).await?;
    Ok(())
}

pub(crate) async fn synced(db: &mut SqliteConnection, at: Timestamp) -> Result<(), StoreError> {
    sqlx::query!("UPDATE device SET last_sync_at = ?1 WHERE one = 1", at.0).execute(db).await?;
    Ok(())
}

/// Stays until a person enrols the device anew: a restart must not forget it.
pub(crate) async fn quarantine(db: &mut SqliteConnection, reason: &str) -> Result<(), StoreError> {
    sqlx::query!("UPDATE device SET quarantined = COALESCE(quarantined, ?1) WHERE one = 1", reason).execute(db).await?;
    Ok(())
}

pub(crate) async fn member(db: &mut SqliteConnection) -> Result<Option<Member>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT username, audience, role, reseller_name, signed_in AS "signed_in: bool" FROM member WHERE one = 1"#
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        Ok(Member {
            username: row.username,
            audience: match row.audience.as_str() {
                "admin" => Audience::Admin,
                "reseller" => Audience::Reseller,
                other => return Err(StoreError::unknown("member", "audience", other)),
            },
            role: row.role,
            reseller_name: row.reseller_name,
            signed_in: row.signed_in,
        })
    })
    .transpose()
}

/// Who was signed in last.
pub(crate) async fn member_id(db: &mut SqliteConnection) -> Result<Option<Uuid>, StoreError> {
    Ok(sqlx::query_scalar!(r#"SELECT user_id AS "user_id: Uuid" FROM member WHERE one = 1"#).fetch_optional(db).await?)
}

pub(crate) async fn save_member(db: &mut SqliteConnection, me: &Me) -> Result<(), StoreError> {
    let audience = match me.audience {
        Audience::Admin => "admin",
        Audience::Reseller => "reseller",
    };
    sqlx::query!(
        "INSERT INTO member (one, user_id, username, audience, role, reseller_name, signed_in)
        VALUES (1, ?1, ?2, ?3, ?4, ?5, TRUE)
        ON CONFLICT (one) DO UPDATE SET user_id = ?1, username = ?2, audience = ?3, role = ?4, reseller_name = ?5,
            signed_in = TRUE",
        me.user_id,
        me.username,
        audience,
        me.role,
        me.reseller_name
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn set_signed_in(db: &mut SqliteConnection, signed_in: bool) -> Result<(), StoreError> {
    sqlx::query!("UPDATE member SET signed_in = ?1 WHERE one = 1", signed_in).execute(db).await?;
    Ok(())
}

fn number(column: &'static str, value: i64) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|_| StoreError::unknown("device", column, value.to_string()))
}

fn hash(column: &'static str, bytes: &[u8]) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| StoreError::unknown("device", column, format!("{} bytes", bytes.len())))
}
