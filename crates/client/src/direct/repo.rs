//! Rows of portals and of what accounts should be on them.

use counterfoil_domain::ids::{AccountId, PortalId};
use counterfoil_domain::portal::{OwnerField, PortalStatus, PortalWarning};
use counterfoil_domain::time::Timestamp;
use counterfoil_portals::key_of_login;
use counterfoil_wire::portals::PortalStanding;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::Known;
use crate::store::StoreError;

/// A portal with what it takes to reach it.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) known: Known,
    /// DER.
    pub(super) certificate: Option<Vec<u8>>,
    pub(super) owner: OwnerField,
    /// When it was taken along.
    pub(super) status: PortalStatus,
}

struct Row {
    portal_id: Uuid,
    name: String,
    address: String,
    api: String,
    api_user: Option<String>,
    certificate: Option<Vec<u8>>,
    time_zone: String,
    owner_field: String,
    status: String,
    warnings: String,
    taken_at: i64,
    accounts: i64,
}

impl TryFrom<Row> for Record {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let unknown = |column, value: &str| StoreError::unknown("direct_portal", column, value);
        let warnings: Vec<PortalWarning> =
            serde_json::from_str(&row.warnings).map_err(|_| unknown("warnings", &row.warnings))?;
        let owner =
            OwnerField::from_stored(&row.owner_field).ok_or_else(|| unknown("owner_field", &row.owner_field))?;
        let status = PortalStatus::from_stored(&row.status).ok_or_else(|| unknown("status", &row.status))?;
        let known = Known {
            portal_id: PortalId(row.portal_id),
            name: row.name,
            address: row.address,
            api: row.api,
            user: row.api_user,
            time_zone: row.time_zone,
            warnings,
            taken_at: Timestamp(row.taken_at),
            accounts: u64::try_from(row.accounts).unwrap_or_default(),
        };
        Ok(Self { known, certificate: row.certificate, owner, status })
    }
}

pub(super) async fn portals(db: &mut SqliteConnection) -> Result<Vec<Record>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT portal_id AS "portal_id: Uuid", name, address, api, api_user, certificate, time_zone, owner_field,
            status, warnings, taken_at, (SELECT COUNT(*) FROM direct_standing
                WHERE direct_standing.portal_id = direct_portal.portal_id) AS "accounts!: i64"
        FROM direct_portal ORDER BY name, portal_id"#
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Record::try_from).collect()
}

pub(super) async fn portal(db: &mut SqliteConnection, portal: PortalId) -> Result<Option<Record>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT portal_id AS "portal_id: Uuid", name, address, api, api_user, certificate, time_zone, owner_field,
            status, warnings, taken_at, (SELECT COUNT(*) FROM direct_standing
                WHERE direct_standing.portal_id = direct_portal.portal_id) AS "accounts!: i64"
        FROM direct_portal WHERE portal_id = ?1"#,
        portal.0
    )
    .fetch_optional(db)
    .await?;
    row.map(Record::try_from).transpose()
}

/// In place of what was taken along before.
pub(super) async fn replace(
    db: &mut SqliteConnection,
    record: &Record,
    standings: &[PortalStanding],
) -> Result<(), StoreError> {
    let known = &record.known;
    forget(db, known.portal_id).await?;
    let (owner, status, warnings) = (record.owner.as_str(), record.status.as_str(), in_json(&known.warnings)?);
    sqlx::query!(
        "INSERT INTO direct_portal (portal_id, name, address, api, api_user, certificate, time_zone, owner_field, status,
            warnings, taken_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        known.portal_id.0,
        known.name,
        known.address,
        known.api,
        known.user,
        record.certificate,
        known.time_zone,
        owner,
        status,
        warnings,
        known.taken_at.0
    )
    .execute(&mut *db)
    .await?;
    for standing in standings {
        let (key, body) = (key_of_login(&standing.login), in_json(standing)?);
        // A login that changed between two pages brings an account twice.
        sqlx::query!(
            "INSERT INTO direct_standing (portal_id, account_id, login_key, body) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (portal_id, account_id) DO UPDATE SET login_key = ?3, body = ?4",
            known.portal_id.0,
            standing.account_id.0,
            key,
            body
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

pub(super) async fn forget(db: &mut SqliteConnection, portal: PortalId) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM direct_standing WHERE portal_id = ?1", portal.0).execute(&mut *db).await?;
    sqlx::query!("DELETE FROM direct_portal WHERE portal_id = ?1", portal.0).execute(db).await?;
    Ok(())
}

pub(super) async fn forget_all(db: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM direct_standing").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM direct_portal").execute(db).await?;
    Ok(())
}

pub(super) async fn of_account(
    db: &mut SqliteConnection,
    portal: PortalId,
    account: AccountId,
) -> Result<Option<PortalStanding>, StoreError> {
    let body = sqlx::query_scalar!(
        "SELECT body FROM direct_standing WHERE portal_id = ?1 AND account_id = ?2",
        portal.0,
        account.0
    )
    .fetch_optional(db)
    .await?;
    body.as_deref().map(standing).transpose()
}

/// The keys of all logins, as the portal compares them.
pub(super) async fn keys(db: &mut SqliteConnection, portal: PortalId) -> Result<Vec<String>, StoreError> {
    let keys = sqlx::query_scalar!("SELECT login_key FROM direct_standing WHERE portal_id = ?1", portal.0);
    Ok(keys.fetch_all(db).await?)
}

/// Those of these keys.
pub(super) async fn of_keys(
    db: &mut SqliteConnection,
    portal: PortalId,
    keys: &[&str],
) -> Result<Vec<PortalStanding>, StoreError> {
    let keys = in_json(&keys)?;
    let bodies = sqlx::query_scalar!(
        "SELECT body FROM direct_standing WHERE portal_id = ?1 AND login_key IN (SELECT value FROM json_each(?2))",
        portal.0,
        keys
    )
    .fetch_all(db)
    .await?;
    bodies.iter().map(|body| standing(body)).collect()
}

fn standing(body: &str) -> Result<PortalStanding, StoreError> {
    serde_json::from_str(body).map_err(|error| StoreError::unknown("direct_standing", "body", error.to_string()))
}

fn in_json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::unknown("direct_standing", "body", error.to_string()))
}
