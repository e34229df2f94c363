//! SQL of what resellers may do.

use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::permissions::SavePermissions;

use crate::dialect::Conn;

pub(super) struct Row {
    pub(super) template: Option<String>,
    pub(super) grants: String,
    pub(super) max_accounts: Option<i64>,
    pub(super) max_connections: i64,
    pub(super) revision: i64,
}

pub(super) async fn by_reseller(conn: &mut Conn, reseller: ResellerId) -> Result<Option<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"SELECT template, grants, max_accounts, max_connections, revision
           FROM reseller_permission WHERE reseller_id = $1"#,
        reseller.0
    )
    .fetch_optional(conn)
    .await
}

/// Only where they are as they were read; version 0 is no row yet.
pub(super) async fn save(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    asked: &SavePermissions,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let permissions = &asked.permissions;
    let grants = serde_json::to_string(&permissions.grants).expect("names are plain data");
    let (most, connections) = (permissions.max_accounts.map(i64::from), i64::from(permissions.max_connections));
    let version = i64::from(asked.version);
    let saved = sqlx::query!(
        "INSERT INTO reseller_permission
           (reseller_id, operator_id, template, grants, max_accounts, max_connections, revision, changed_at)
         SELECT $1, $2, $3, $4, $5, $6, CAST(1 AS BIGINT), $7
         WHERE $8 = CAST(0 AS BIGINT) OR EXISTS (SELECT 1 FROM reseller_permission WHERE reseller_id = $1)
         ON CONFLICT (reseller_id) DO UPDATE SET template = excluded.template, grants = excluded.grants,
           max_accounts = excluded.max_accounts, max_connections = excluded.max_connections,
           revision = reseller_permission.revision + 1, changed_at = excluded.changed_at
         WHERE reseller_permission.revision = $8",
        reseller.0,
        operator.0,
        asked.template,
        grants,
        most,
        connections,
        now.0,
        version
    )
    .execute(conn)
    .await?;
    Ok(saved.rows_affected() == 1)
}
