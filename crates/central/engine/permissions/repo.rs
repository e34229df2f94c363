//! SQL of what resellers may do, and of the templates.

use counterfoil_domain::grant::{Permissions, Template};
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::permissions::{SavePermissions, SaveTemplate};

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

/// Takes the row of a reseller whose permissions somebody decided; one with the defaults has none.
pub(super) async fn lock(conn: &mut Conn, reseller: ResellerId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE reseller_permission SET revision = revision WHERE reseller_id = $1", reseller.0)
        .execute(conn)
        .await
        .map(|_| ())
}

/// Only where they are as they were read; version 0 is no row yet.
pub(super) async fn save(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    asked: &SavePermissions,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (grants, most, connections) = columns(&asked.permissions);
    let (version, template) = (i64::from(asked.version), asked.template.map(Template::as_str));
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
        template,
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

fn columns(permissions: &Permissions) -> (String, Option<i64>, i64) {
    let grants = serde_json::to_string(&permissions.grants).expect("names are plain data");
    (grants, permissions.max_accounts.map(i64::from), i64::from(permissions.max_connections))
}

pub(super) struct TemplateRow {
    pub(super) grants: String,
    pub(super) max_accounts: Option<i64>,
    pub(super) max_connections: i64,
    pub(super) revision: i64,
    pub(super) changed_at: i64,
}

pub(super) async fn template(
    conn: &mut Conn,
    operator: OperatorId,
    template: Template,
) -> Result<Option<TemplateRow>, sqlx::Error> {
    let name = template.as_str();
    sqlx::query_as!(
        TemplateRow,
        r#"SELECT grants, max_accounts, max_connections, revision, changed_at
           FROM permission_template WHERE operator_id = $1 AND name = $2"#,
        operator.0,
        name
    )
    .fetch_optional(conn)
    .await
}

/// Only where it is as it was read; version 0 is no row yet.
pub(super) async fn save_template(
    conn: &mut Conn,
    operator: OperatorId,
    template: Template,
    asked: &SaveTemplate,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (grants, most, connections) = columns(&asked.permissions);
    let (name, version) = (template.as_str(), i64::from(asked.version));
    let saved = sqlx::query!(
        "INSERT INTO permission_template
           (operator_id, name, grants, max_accounts, max_connections, revision, changed_at)
         SELECT $1, $2, $3, $4, $5, CAST(1 AS BIGINT), $6
         WHERE $7 = CAST(0 AS BIGINT)
            OR EXISTS (SELECT 1 FROM permission_template WHERE operator_id = $1 AND name = $2)
         ON CONFLICT (operator_id, name) DO UPDATE SET grants = excluded.grants, max_accounts = excluded.max_accounts,
           max_connections = excluded.max_connections, revision = permission_template.revision + 1,
           changed_at = excluded.changed_at
         WHERE permission_template.revision = $7",
        operator.0,
        name,
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
