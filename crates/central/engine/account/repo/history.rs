//! What happened to an account.

use counterfoil_domain::ids::{AccountId, OperatorId};
use uuid::Uuid;

use crate::dialect::Conn;

/// A line of the audit about an account, or a code redeemed for it.
pub(in crate::engine::account) struct EventRow {
    pub(in crate::engine::account) id: Uuid,
    pub(in crate::engine::account) at: i64,
    pub(in crate::engine::account) action: String,
    pub(in crate::engine::account) actor: String,
    pub(in crate::engine::account) by_name: Option<String>,
    /// Of the reseller whose member or API key it was.
    pub(in crate::engine::account) by_path: Option<String>,
    pub(in crate::engine::account) detail: String,
    pub(in crate::engine::account) serial: Option<String>,
    pub(in crate::engine::account) plan_name: Option<String>,
    pub(in crate::engine::account) last_day: Option<String>,
}

pub(in crate::engine::account) async fn page(
    conn: &mut Conn,
    operator: OperatorId,
    account: AccountId,
    (at, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<EventRow>, sqlx::Error> {
    sqlx::query_as!(
        EventRow,
        r#"SELECT id AS "id!: Uuid", at AS "at!: i64", action AS "action!: String", actor AS "actor!: String",
                  by_name AS "by_name?: String", by_path AS "by_path?: String", detail AS "detail!: String",
                  serial AS "serial?: String", plan_name AS "plan_name?: String", last_day AS "last_day?: String"
           FROM (SELECT a.id, a.at, a.action, a.actor, COALESCE(s.username, m.username, d.name, 'API key ' || k.name) AS by_name, r.path AS by_path,
                        a.detail, NULL AS serial, NULL AS plan_name, NULL AS last_day
                 FROM audit a LEFT JOIN staff s ON s.id = a.actor_id LEFT JOIN member m ON m.id = a.actor_id
                      LEFT JOIN device d ON d.id = a.actor_id LEFT JOIN api_key k ON k.id = a.actor_id
                      LEFT JOIN reseller r ON r.id = COALESCE(m.reseller_id, k.reseller_id)
                 WHERE a.subject_id = $2 AND a.operator_id = $1
                 UNION ALL
                 SELECT v.code_id, v.activated_at, 'code.redeem', 'customer', NULL, NULL, '{}', c.serial, c.plan_name,
                        v.last_day
                 FROM activation v JOIN code c ON c.id = v.code_id WHERE v.account_id = $2) AS event
           WHERE (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5"#,
        operator.0,
        account.0,
        at,
        id,
        limit
    )
    .fetch_all(conn)
    .await
}
