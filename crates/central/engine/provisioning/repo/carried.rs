//! SQL of what a desktop carries along of a portal's accounts.

use counterfoil_domain::ids::PortalId;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::start;
use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};
use crate::engine::provisioning::Key;

/// An account that is known to be on its portal.
pub(in crate::engine::provisioning) struct Carried {
    pub(in crate::engine::provisioning) account_id: Uuid,
    pub(in crate::engine::provisioning) login: String,
    pub(in crate::engine::provisioning) reseller_company: Option<String>,
}

pub(in crate::engine::provisioning) async fn list(
    conn: &mut Conn,
    portal: PortalId,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<Carried>, sqlx::Error> {
    let ((login, id), more) = (start(after), limit + 1);
    sqlx::query_as!(
        Carried,
        r#"SELECT p.account_id AS "account_id!: Uuid", p.login AS "login!: String", r.company AS "reseller_company?: String"
           FROM provisioning p JOIN account a ON a.id = p.account_id LEFT JOIN reseller r ON r.id = a.reseller_id
           WHERE p.portal_id = $1 AND p.created AND (p.login, p.account_id) > ($2, $3)
           ORDER BY p.login, p.account_id LIMIT $4"#,
        portal.0,
        login,
        id,
        more
    )
    .fetch_all(conn)
    .await
}

/// What both sides had of these accounts when they last agreed, as JSON.
pub(in crate::engine::provisioning) async fn agreed(
    conn: &mut Conn,
    portal: PortalId,
    accounts: &[Uuid],
) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
    let mut all = Vec::with_capacity(accounts.len());
    for batch in accounts.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new("SELECT account_id, agreed FROM portal_account WHERE account_id IN (");
        let mut list = query.separated(", ");
        for account in batch {
            list.push_bind(*account);
        }
        query.push(") AND linked AND agreed IS NOT NULL AND portal_id = ").push_bind(portal.0);
        let rows: Vec<(Uuid, String)> = query.build_query_as().persistent(kept(batch)).fetch_all(&mut *conn).await?;
        all.extend(rows);
    }
    Ok(all)
}
