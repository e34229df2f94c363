//! SQL of brands: an operator's stands in its row and `operator_logo`, a reseller's in `reseller_brand`.

use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::reseller::ResellerPath;
use counterfoil_wire::brand::SaveBrand;
use uuid::Uuid;

use super::Whose;
use crate::dialect::Conn;

pub(super) struct Row {
    pub(super) panel_name: String,
    pub(super) accent: String,
    pub(super) logo_hash: String,
    pub(super) revision: i64,
}

pub(super) async fn of_reseller(conn: &mut Conn, reseller: ResellerId) -> Result<Option<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        "SELECT panel_name, accent, logo_hash, revision FROM reseller_brand WHERE reseller_id = $1",
        reseller.0
    )
    .fetch_optional(conn)
    .await
}

/// A brand that somebody wears, its own or from above, with what its owner may do as it is stored.
pub(crate) struct Worn {
    pub(crate) wearer: Uuid,
    pub(crate) company: String,
    pub(crate) panel_name: String,
    pub(crate) accent: String,
    pub(crate) logo_hash: String,
    pub(crate) grants: String,
}

/// A reseller and where it stands.
pub(super) struct Place {
    pub(super) id: Uuid,
    pub(super) path: String,
}

/// A reseller and everybody below it.
pub(super) async fn below(
    conn: &mut Conn,
    operator: OperatorId,
    path: &ResellerPath,
) -> Result<Vec<Place>, sqlx::Error> {
    let path = path.as_str();
    sqlx::query_as!(
        Place,
        r#"SELECT id AS "id!: Uuid", path FROM reseller WHERE operator_id = $1 AND path LIKE $2 || '%'"#,
        operator.0,
        path
    )
    .fetch_all(conn)
    .await
}

/// Only the version that was read; false where it is another one by now.
pub(super) async fn update(
    conn: &mut Conn,
    operator: OperatorId,
    whose: Whose,
    to: &SaveBrand,
) -> Result<bool, sqlx::Error> {
    let (version, accent) = (i64::from(to.version), to.accent.as_deref().unwrap_or_default());
    let updated = match whose {
        Whose::Operator => {
            sqlx::query!(
                "UPDATE operator SET panel_name = $3, accent = $4, brand_revision = brand_revision + 1
                 WHERE id = $1 AND brand_revision = $2",
                operator.0,
                version,
                to.panel_name,
                accent
            )
            .execute(conn)
            .await?
        }
        Whose::Reseller(reseller) => {
            make_room(conn, reseller).await?;
            sqlx::query!(
                "UPDATE reseller_brand SET panel_name = $3, accent = $4, revision = revision + 1
                 WHERE reseller_id = $1 AND revision = $2",
                reseller.0,
                version,
                to.panel_name,
                accent
            )
            .execute(conn)
            .await?
        }
    };
    Ok(updated.rows_affected() == 1)
}

/// The row of a reseller that has set nothing so far.
async fn make_room(conn: &mut Conn, reseller: ResellerId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO reseller_brand (reseller_id) VALUES ($1) ON CONFLICT (reseller_id) DO NOTHING",
        reseller.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Only the version that was read; false where it is another one by now.
pub(super) async fn put_logo(
    conn: &mut Conn,
    operator: OperatorId,
    whose: Whose,
    version: u32,
    (hash, png): (&str, &[u8]),
) -> Result<bool, sqlx::Error> {
    let version = i64::from(version);
    match whose {
        Whose::Operator => put_operators_logo(conn, operator, version, (hash, png)).await,
        Whose::Reseller(reseller) => {
            make_room(conn, reseller).await?;
            let updated = sqlx::query!(
                "UPDATE reseller_brand SET logo_hash = $3, logo = $4, revision = revision + 1
                 WHERE reseller_id = $1 AND revision = $2",
                reseller.0,
                version,
                hash,
                png
            )
            .execute(conn)
            .await?;
            Ok(updated.rows_affected() == 1)
        }
    }
}

async fn put_operators_logo(
    conn: &mut Conn,
    operator: OperatorId,
    version: i64,
    (hash, png): (&str, &[u8]),
) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query!(
        "UPDATE operator SET logo_hash = $3, brand_revision = brand_revision + 1 WHERE id = $1 AND brand_revision = $2",
        operator.0,
        version,
        hash
    )
    .execute(&mut *conn)
    .await?;
    if updated.rows_affected() != 1 {
        return Ok(false);
    }
    sqlx::query!(
        "INSERT INTO operator_logo (operator_id, png) VALUES ($1, $2)
         ON CONFLICT (operator_id) DO UPDATE SET png = excluded.png",
        operator.0,
        png
    )
    .execute(conn)
    .await?;
    Ok(true)
}

/// False where there was none.
pub(super) async fn delete_logo(conn: &mut Conn, operator: OperatorId, whose: Whose) -> Result<bool, sqlx::Error> {
    let updated = match whose {
        Whose::Operator => {
            sqlx::query!("DELETE FROM operator_logo WHERE operator_id = $1", operator.0).execute(&mut *conn).await?;
            sqlx::query!(
                "UPDATE operator SET logo_hash = '', brand_revision = brand_revision + 1
                 WHERE id = $1 AND logo_hash <> ''",
                operator.0
            )
            .execute(conn)
            .await?
        }
        Whose::Reseller(reseller) => {
            sqlx::query!(
                "UPDATE reseller_brand SET logo_hash = '', logo = NULL, revision = revision + 1
                 WHERE reseller_id = $1 AND logo_hash <> ''",
                reseller.0
            )
            .execute(conn)
            .await?
        }
    };
    Ok(updated.rows_affected() == 1)
}

/// The picture with this SHA-256, whoever wears it; of several that are the same, one.
pub(super) async fn logo(conn: &mut Conn, hash: &str) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT l.png AS "png!: Vec<u8>" FROM operator_logo l JOIN operator o ON o.id = l.operator_id
           WHERE o.logo_hash = $1
           UNION ALL
           SELECT b.logo FROM reseller_brand b WHERE b.logo_hash = $1 AND b.logo IS NOT NULL
           LIMIT 1"#,
        hash
    )
    .fetch_optional(conn)
    .await
}
