//! SQL of portals and of what stands on them.

use counterfoil_domain::ids::{OperatorId, PlanId, PortalId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::portals::{PortalTrouble, ResellerOnPortal, SavePortal};
use uuid::Uuid;

use super::record::{PortalRecord, portal_records};
use crate::dialect::Conn;

/// Of a portal for which nobody said otherwise.
const LOOK_EVERY_HOURS: i64 = 24;

pub(super) async fn list(conn: &mut Conn, operator: OperatorId) -> Result<Vec<PortalRecord>, sqlx::Error> {
    portal_records!("SELECT", "FROM portal WHERE operator_id = $1 ORDER BY name, id", operator.0).fetch_all(conn).await
}

pub(super) async fn by_id(
    conn: &mut Conn,
    operator: OperatorId,
    id: PortalId,
) -> Result<Option<PortalRecord>, sqlx::Error> {
    portal_records!("SELECT", "FROM portal WHERE operator_id = $1 AND id = $2", operator.0, id.0)
        .fetch_optional(conn)
        .await
}

/// Those that can be written to now, of every operator.
pub(super) async fn writable(conn: &mut Conn, now: Timestamp) -> Result<Vec<PortalRecord>, sqlx::Error> {
    portal_records!(
        "SELECT",
        "FROM portal WHERE status = 'active' AND findings IS NOT NULL AND rests_until <= $1 ORDER BY id",
        now.0
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn exists(conn: &mut Conn, id: PortalId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM portal WHERE id = $1"#, id.0)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

/// What is stored beside the columns that are sent.
pub(super) struct Secrets<'a> {
    pub(super) sealed_password: Option<&'a [u8]>,
    pub(super) certificate: Option<&'a [u8]>,
}

pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    portal: &SavePortal,
    secrets: Secrets<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let (name, address, user) = (portal.name.trim(), portal.address.trim(), portal.user.as_deref());
    let (zone, status) = (portal.time_zone.trim(), portal.status.as_str());
    let hours = portal.look_every_hours.map_or(LOOK_EVERY_HOURS, i64::from);
    sqlx::query!(
        "INSERT INTO portal (id, operator_id, name, address, api_user, sealed_password, certificate, time_zone, status,
                             revision, created_at, look_every_hours)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11)",
        portal.portal_id.0,
        operator.0,
        name,
        address,
        user,
        secrets.sealed_password,
        secrets.certificate,
        zone,
        status,
        now.0,
        hours
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Only the version that was read. What the last look found does not hold for another address.
pub(super) async fn update(
    conn: &mut Conn,
    operator: OperatorId,
    portal: &SavePortal,
    secrets: Secrets<'_>,
    version: u32,
) -> Result<bool, sqlx::Error> {
    let (name, address, user) = (portal.name.trim(), portal.address.trim(), portal.user.as_deref());
    let (zone, status, version) = (portal.time_zone.trim(), portal.status.as_str(), i64::from(version));
    let hours = portal.look_every_hours.map(i64::from);
    let updated = sqlx::query!(
        "UPDATE portal SET name = $4, address = $5, api_user = $6, sealed_password = $7, certificate = $8,
                time_zone = $9, status = $10, revision = revision + 1, rests_until = 0, troubles = 0,
                findings = CASE WHEN address = $5 THEN findings ELSE NULL END,
                probed_at = CASE WHEN address = $5 THEN probed_at ELSE NULL END,
                look_every_hours = COALESCE($11, look_every_hours)
         WHERE id = $1 AND operator_id = $2 AND revision = $3",
        portal.portal_id.0,
        operator.0,
        version,
        name,
        address,
        user,
        secrets.sealed_password,
        secrets.certificate,
        zone,
        status,
        hours
    )
    .execute(conn)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// What a look found: the portal can be written to.
pub(super) async fn set_findings(
    conn: &mut Conn,
    portal: PortalId,
    findings: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE portal SET findings = $2, probed_at = $3, trouble_code = NULL, trouble_detail = NULL,
                trouble_remedy = NULL, trouble_since = NULL, troubles = 0, rests_until = 0
         WHERE id = $1",
        portal.0,
        findings,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Why it cannot be written to, and until when nobody tries.
pub(super) async fn set_trouble(
    conn: &mut Conn,
    portal: PortalId,
    trouble: &PortalTrouble,
    rests_until: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE portal SET trouble_code = $2, trouble_detail = $3, trouble_remedy = $4,
                trouble_since = CASE WHEN trouble_code = $2 THEN trouble_since ELSE $5 END,
                troubles = troubles + CASE WHEN rests_until <= $5 THEN 1 ELSE 0 END, rests_until = $6
         WHERE id = $1",
        portal.0,
        trouble.code,
        trouble.detail,
        trouble.remedy,
        trouble.since.0,
        rests_until.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn clear_trouble(conn: &mut Conn, portal: PortalId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE portal SET trouble_code = NULL, trouble_detail = NULL, trouble_remedy = NULL, trouble_since = NULL,
                troubles = 0, rests_until = 0
         WHERE id = $1 AND trouble_code IS NOT NULL",
        portal.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn plans(conn: &mut Conn, portal: Uuid) -> Result<Vec<(Uuid, Option<String>)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT plan_id AS "plan_id!: Uuid", tariff AS "tariff?: String" FROM portal_plan
           WHERE portal_id = $1 ORDER BY plan_id"#,
        portal
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.plan_id, row.tariff)).collect())
}

pub(super) async fn resellers(conn: &mut Conn, portal: Uuid) -> Result<Vec<(Uuid, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT reseller_id AS "reseller_id!: Uuid", remote_id AS "remote_id!: i64" FROM portal_reseller
           WHERE portal_id = $1 ORDER BY reseller_id"#,
        portal
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.reseller_id, row.remote_id)).collect())
}

/// Accounts on a portal by how they stand.
pub(super) async fn counts(conn: &mut Conn, portal: Uuid) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT state AS "state!: String", COUNT(*) AS "count!: i64" FROM provisioning
           WHERE portal_id = $1 GROUP BY state"#,
        portal
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.state, row.count)).collect())
}

/// A login that is known to be on a portal, which spares it its list of all.
pub(super) async fn known_login(conn: &mut Conn, portal: PortalId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT login AS "login!: String" FROM provisioning
           WHERE portal_id = $1 AND state = 'agreed' AND created ORDER BY login LIMIT 1"#,
        portal.0
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn forget_plan(conn: &mut Conn, portal: PortalId, plan: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM portal_plan WHERE plan_id = $1 AND portal_id = $2", plan, portal.0)
        .execute(conn)
        .await
        .map(|_| ())
}

/// Its accounts are brought to the portal from the first on. False when the plan is somebody else's, or on another portal.
pub(super) async fn put_plan(
    conn: &mut Conn,
    operator: OperatorId,
    portal: PortalId,
    plan: PlanId,
    tariff: Option<&str>,
) -> Result<bool, sqlx::Error> {
    let from_the_first = Uuid::nil();
    let put = sqlx::query!(
        "INSERT INTO portal_plan (plan_id, portal_id, tariff, spread_after)
         SELECT id, $2, $3, $4 FROM plan WHERE id = $1 AND operator_id = $5
         ON CONFLICT (plan_id) DO UPDATE SET tariff = excluded.tariff, spread_after = excluded.spread_after
         WHERE portal_plan.portal_id = excluded.portal_id",
        plan.0,
        portal.0,
        tariff,
        from_the_first,
        operator.0
    )
    .execute(conn)
    .await?;
    Ok(put.rows_affected() == 1)
}

/// The accounts of all its plans are brought to the portal once more, from the first on.
pub(super) async fn spread_all(conn: &mut Conn, portal: PortalId) -> Result<(), sqlx::Error> {
    let from_the_first = Uuid::nil();
    sqlx::query!("UPDATE portal_plan SET spread_after = $2 WHERE portal_id = $1", portal.0, from_the_first)
        .execute(conn)
        .await
        .map(|_| ())
}

pub(super) async fn forget_resellers(conn: &mut Conn, portal: PortalId) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM portal_reseller WHERE portal_id = $1", portal.0).execute(conn).await.map(|_| ())
}

/// False when there is no such reseller.
pub(super) async fn put_reseller(
    conn: &mut Conn,
    operator: OperatorId,
    portal: PortalId,
    one: &ResellerOnPortal,
) -> Result<bool, sqlx::Error> {
    let remote = i64::from(one.remote_id);
    let put = sqlx::query!(
        "INSERT INTO portal_reseller (portal_id, reseller_id, remote_id)
         SELECT $1, id, $3 FROM reseller WHERE id = $2 AND operator_id = $4",
        portal.0,
        one.reseller_id.0,
        remote,
        operator.0
    )
    .execute(conn)
    .await?;
    Ok(put.rows_affected() == 1)
}

/// The name of a plan that is for sale; none when it is archived, or not this operator's.
pub(super) async fn sold_plan(
    conn: &mut Conn,
    operator: OperatorId,
    plan: PlanId,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT name AS "name!: String" FROM plan WHERE id = $1 AND operator_id = $2 AND status = 'active'"#,
        plan.0,
        operator.0
    )
    .fetch_optional(conn)
    .await
}
