//! SQL of the live streams.

use counterfoil_domain::ids::{DeviceId, OperatorId};
use counterfoil_wire::live::{Head, NewsSet};
use uuid::Uuid;

use crate::dialect::Conn;

pub(super) async fn head(conn: &mut Conn, operator: OperatorId) -> Result<Head, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT o.epoch AS "epoch!: Uuid", f.version AS "version!: i64"
           FROM feed f JOIN operator o ON o.id = f.operator_id WHERE f.operator_id = $1"#,
        operator.0
    )
    .fetch_one(conn)
    .await?;
    Ok(Head { epoch: row.epoch.into(), version: row.version, news: NewsSet::default() })
}

/// What decides whether a device may listen.
pub(super) struct Standing {
    pub(super) device: String,
    /// None for the operator's own desktops.
    pub(super) reseller: Option<String>,
}

pub(super) async fn standing(conn: &mut Conn, device: DeviceId) -> Result<Standing, sqlx::Error> {
    sqlx::query_as!(
        Standing,
        r#"SELECT d.status AS "device!: String", r.status AS "reseller?: String"
           FROM device d LEFT JOIN reseller r ON r.id = d.reseller_id WHERE d.id = $1"#,
        device.0
    )
    .fetch_one(conn)
    .await
}

/// Devices of the operator that may not listen, by id.
pub(super) async fn barred(conn: &mut Conn, operator: OperatorId) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT d.id AS "id!: Uuid" FROM device d LEFT JOIN reseller r ON r.id = d.reseller_id
           WHERE d.operator_id = $1 AND (d.status <> 'active' OR r.status <> 'active') ORDER BY d.id"#,
        operator.0
    )
    .fetch_all(conn)
    .await
}

/// Where in the tree something changed, or was before it left.
pub(super) struct Moved {
    pub(super) scope_path: String,
    pub(super) table_no: i64,
}

/// The places that changed after a version.
pub(super) async fn moved(conn: &mut Conn, operator: OperatorId, after: i64) -> Result<Vec<Moved>, sqlx::Error> {
    sqlx::query_as!(
        Moved,
        r#"SELECT scope_path AS "scope_path!: String", table_no AS "table_no!: i64"
           FROM (SELECT scope_path, table_no FROM feed_row WHERE operator_id = $1 AND version > $2
                 UNION
                 SELECT scope_path, table_no FROM feed_exit WHERE operator_id = $1 AND version > $2) AS moved"#,
        operator.0,
        after
    )
    .fetch_all(conn)
    .await
}

/// What changed there that is no row of the feed.
pub(super) struct Rung {
    pub(super) subject: String,
    pub(super) scope_path: String,
}

/// What was rung after a version.
pub(super) async fn rung(conn: &mut Conn, operator: OperatorId, after: i64) -> Result<Vec<Rung>, sqlx::Error> {
    sqlx::query_as!(
        Rung,
        "SELECT subject, scope_path FROM feed_news WHERE operator_id = $1 AND version > $2",
        operator.0,
        after
    )
    .fetch_all(conn)
    .await
}
