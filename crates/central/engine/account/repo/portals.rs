//! Portals, by the plans that they serve.

use counterfoil_domain::ids::{AccountId, OperatorId};
use uuid::Uuid;

use crate::dialect::Conn;

pub(in crate::engine::account) struct PlanRow {
    pub(in crate::engine::account) plan_id: Uuid,
    /// Its name.
    pub(in crate::engine::account) portal: String,
}

/// Every plan that is provisioned somewhere.
pub(in crate::engine::account) async fn of_plans(
    conn: &mut Conn,
    operator: OperatorId,
) -> Result<Vec<PlanRow>, sqlx::Error> {
    sqlx::query_as!(
        PlanRow,
        r#"SELECT p.plan_id AS "plan_id!: Uuid", t.name AS "portal!: String"
           FROM portal_plan p JOIN portal t ON t.id = p.portal_id
           WHERE t.operator_id = $1 ORDER BY p.plan_id"#,
        operator.0
    )
    .fetch_all(conn)
    .await
}

/// The portal that an account is known to be on, the last that agreed; none where it is on none.
pub(in crate::engine::account) async fn made_on(
    conn: &mut Conn,
    account: AccountId,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT t.name AS "name!: String" FROM provisioning v JOIN portal t ON t.id = v.portal_id
           WHERE v.account_id = $1 AND v.created
           ORDER BY COALESCE(v.agreed_at, CAST(0 AS BIGINT)) DESC, t.id LIMIT 1"#,
        account.0
    )
    .fetch_optional(conn)
    .await
}
