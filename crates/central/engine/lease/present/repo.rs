//! SQL of presented leases.

use counterfoil_domain::ids::{LeaseId, OperatorId, PlanId};
use counterfoil_domain::lease::Slot;
use counterfoil_domain::time::Timestamp;

use crate::dialect::Conn;

/// Whether a number was skipped at the restore, or never given out again since the backup.
pub(super) async fn is_free_number(conn: &mut Conn, operator: OperatorId, number: i64) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT next_stock_number > $2 AND $2 > 0
             AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.operator_id = operator.id AND lease.number = $2)
             AND NOT EXISTS (SELECT 1 FROM lot WHERE lot.operator_id = operator.id AND lot.number = $2) AS "free!: bool"
           FROM operator WHERE id = $1"#,
        operator.0,
        number
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn plan_name(conn: &mut Conn, plan: PlanId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT name AS "name!: String" FROM plan WHERE id = $1"#, plan.0).fetch_optional(conn).await
}

/// What a signed lease says of a plan that is gone; archived, so that nobody sells it. Another device may show a lease of the
/// same plan at the same moment.
pub(super) async fn insert_lost_plan(
    conn: &mut Conn,
    operator: OperatorId,
    slot: &Slot,
    name: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let (term, revision) = (i64::from(slot.term_days), i64::from(slot.plan_version));
    sqlx::query!(
        "INSERT INTO plan (id, operator_id, name, kind, price, term_days, features, status, revision, created_at)
         VALUES ($1, $2, $3, 'custom', $4, $5, '[]', 'archived', $6, $7) ON CONFLICT (id) DO NOTHING",
        slot.plan_id.0,
        operator.0,
        name,
        slot.price,
        term,
        revision,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// A lease that came back without its amount has nothing to release.
pub(super) async fn expire(conn: &mut Conn, lease: LeaseId, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE lease SET state = 'expired', ended_at = $2, released_at = $2 WHERE id = $1", lease.0, now.0)
        .execute(conn)
        .await
        .map(|_| ())
}
