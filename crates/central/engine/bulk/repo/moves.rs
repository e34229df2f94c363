//! Which portals a change of plans takes accounts away from.

use counterfoil_domain::ids::{BulkId, PlanId};

use crate::dialect::Conn;

/// The portal that serves a plan, by its name.
pub(in crate::engine::bulk) async fn serving(conn: &mut Conn, plan: PlanId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT t.name AS "name!: String" FROM portal_plan p JOIN portal t ON t.id = p.portal_id WHERE p.plan_id = $1"#,
        plan.0
    )
    .fetch_optional(conn)
    .await
}

pub(in crate::engine::bulk) struct Leaving {
    /// None where they are on none yet.
    pub(in crate::engine::bulk) portal: Option<String>,
    pub(in crate::engine::bulk) accounts: i64,
}

/// The accounts that wait to be changed and are not on that portal, counted by where they are: where their plan is served,
/// or else where they were made.
pub(in crate::engine::bulk) async fn leaving(
    conn: &mut Conn,
    bulk: BulkId,
    to: &str,
) -> Result<Vec<Leaving>, sqlx::Error> {
    sqlx::query_as!(
        Leaving,
        r#"SELECT moved.portal AS "portal?: String", COUNT(*) AS "accounts!: i64"
           FROM (SELECT COALESCE(
                   (SELECT t.name FROM portal_plan p JOIN portal t ON t.id = p.portal_id WHERE p.plan_id = r.was_plan),
                   (SELECT t.name FROM provisioning v JOIN portal t ON t.id = v.portal_id
                    WHERE v.account_id = r.account_id AND v.created
                    ORDER BY COALESCE(v.agreed_at, CAST(0 AS BIGINT)) DESC, t.id LIMIT 1)) AS portal
                 FROM account_bulk_row r WHERE r.bulk_id = $1 AND r.state = 'planned') AS moved
           WHERE moved.portal IS NULL OR moved.portal <> $2
           GROUP BY moved.portal"#,
        bulk.0,
        to
    )
    .fetch_all(conn)
    .await
}
