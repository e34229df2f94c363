//! Changes of plans.

use counterfoil_domain::ids::{AccountId, OperatorId, PlanChangeId, PlanId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

pub(in crate::engine::account) struct NewPlanChange {
    pub(in crate::engine::account) id: PlanChangeId,
    pub(in crate::engine::account) account: AccountId,
    pub(in crate::engine::account) before: PlanId,
    pub(in crate::engine::account) after: PlanId,
}

/// False when the id is taken.
pub(in crate::engine::account) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    now: Timestamp,
    new: &NewPlanChange,
) -> Result<bool, sqlx::Error> {
    let put = sqlx::query!(
        "INSERT INTO plan_change (id, operator_id, account_id, plan_before, plan_after, at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        new.id.0,
        operator.0,
        new.account.0,
        new.before.0,
        new.after.0,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(put.rows_affected() == 1)
}

/// What a repeat is compared with.
pub(in crate::engine::account) struct PlanChange {
    pub(in crate::engine::account) account_id: Uuid,
    pub(in crate::engine::account) plan_after: Uuid,
}

/// Of any operator: an id is used once.
pub(in crate::engine::account) async fn by_id(
    conn: &mut Conn,
    id: PlanChangeId,
) -> Result<Option<PlanChange>, sqlx::Error> {
    sqlx::query_as!(
        PlanChange,
        r#"SELECT account_id AS "account_id!: Uuid", plan_after AS "plan_after!: Uuid" FROM plan_change WHERE id = $1"#,
        id.0
    )
    .fetch_optional(conn)
    .await
}
