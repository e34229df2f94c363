//! SQL of trials.

use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

/// How often a reseller gave a plan for nothing since a moment: codes that were not voided, and accounts without a code.
pub(super) async fn given(
    conn: &mut Conn,
    reseller: ResellerId,
    plan: Uuid,
    since: Timestamp,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT (SELECT COUNT(*) FROM code
                   WHERE reseller_id = $1 AND plan_id = $2 AND cost = 0 AND settled_at >= $3 AND state <> 'voided')
                + (SELECT COUNT(*) FROM subscription
                   WHERE reseller_id = $1 AND plan_id = $2 AND cost = 0 AND at >= $3) AS "given!: i64""#,
        reseller.0,
        plan,
        since.0
    )
    .fetch_one(conn)
    .await
}
