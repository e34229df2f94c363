//! SQL of boxes: whose they are.

use counterfoil_domain::ids::{AccountId, PortalId};
use uuid::Uuid;

use crate::dialect::Conn;

/// An account with a row on a portal.
pub(super) struct Linked {
    pub(super) login: String,
    /// Whether the portal's account of this login is known to be this one.
    pub(super) created: bool,
    pub(super) plan_id: Option<Uuid>,
    pub(super) plan: Option<String>,
    /// What the plan is on this portal.
    pub(super) tariff: Option<String>,
}

pub(super) async fn linked(
    conn: &mut Conn,
    portal: PortalId,
    account: AccountId,
) -> Result<Option<Linked>, sqlx::Error> {
    sqlx::query_as!(
        Linked,
        r#"SELECT p.login AS "login!: String", p.created AS "created!: bool", l.id AS "plan_id?: Uuid",
                  l.name AS "plan?: String", t.tariff AS "tariff?: String"
           FROM provisioning p JOIN account a ON a.id = p.account_id
                LEFT JOIN plan l ON l.id = a.plan_id
                LEFT JOIN portal_plan t ON t.plan_id = a.plan_id AND t.portal_id = p.portal_id
           WHERE p.portal_id = $1 AND p.account_id = $2"#,
        portal.0,
        account.0
    )
    .fetch_optional(conn)
    .await
}
