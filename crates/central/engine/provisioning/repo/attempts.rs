//! SQL of attempts: what is due, who is at it, and how it ended.

use counterfoil_domain::ids::{AccountId, PortalId};
use counterfoil_domain::portal::ProvisioningState;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::portals::PortalTrouble;
use uuid::Uuid;

use crate::dialect::Conn;

/// What is due on a portal, the longest waiting first.
pub(in crate::engine::provisioning) async fn due(
    conn: &mut Conn,
    portal: PortalId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT account_id AS "account_id!: Uuid" FROM provisioning
           WHERE portal_id = $1 AND due_at <= $2 AND claimed_until <= $2 ORDER BY due_at LIMIT $3"#,
        portal.0,
        now.0,
        limit
    )
    .fetch_all(conn)
    .await
}

/// What somebody has taken on.
pub(in crate::engine::provisioning) struct Claim {
    pub(in crate::engine::provisioning) wanted: i64,
    pub(in crate::engine::provisioning) login: String,
    pub(in crate::engine::provisioning) created: bool,
    pub(in crate::engine::provisioning) credential_generation: i64,
    /// The MAC address that was last written.
    pub(in crate::engine::provisioning) mac: Option<String>,
    /// Counting this one.
    pub(in crate::engine::provisioning) tries: i64,
    /// Until then it is this one's: by it what this one notes is told from what another one does.
    pub(in crate::engine::provisioning) held_until: i64,
}

/// None when somebody else was first.
pub(in crate::engine::provisioning) async fn claim(
    conn: &mut Conn,
    portal: PortalId,
    account: AccountId,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Claim>, sqlx::Error> {
    sqlx::query_as!(
        Claim,
        r#"UPDATE provisioning SET claimed_until = $4, tries = tries + 1
           WHERE portal_id = $1 AND account_id = $2 AND due_at <= $3 AND claimed_until <= $3
           RETURNING wanted AS "wanted!: i64", login AS "login!: String", created AS "created!: bool",
                     credential_generation AS "credential_generation!: i64", mac AS "mac?: String",
                     tries AS "tries!: i64", claimed_until AS "held_until!: i64""#,
        portal.0,
        account.0,
        now.0,
        until.0
    )
    .fetch_optional(conn)
    .await
}

/// How an attempt ended, for its row.
#[derive(Clone, Copy)]
pub(in crate::engine::provisioning) struct Ended<'a> {
    pub(in crate::engine::provisioning) portal: PortalId,
    pub(in crate::engine::provisioning) account: AccountId,
    /// As it was claimed: whatever was wanted later is still to be done.
    pub(in crate::engine::provisioning) claim: &'a Claim,
    pub(in crate::engine::provisioning) state: ProvisioningState,
    pub(in crate::engine::provisioning) due_at: Option<Timestamp>,
    pub(in crate::engine::provisioning) created: bool,
    pub(in crate::engine::provisioning) credential_generation: i64,
    pub(in crate::engine::provisioning) mac: Option<&'a str>,
    pub(in crate::engine::provisioning) off_at: Option<i64>,
    pub(in crate::engine::provisioning) trouble: Option<&'a PortalTrouble>,
    pub(in crate::engine::provisioning) differences: &'a str,
    pub(in crate::engine::provisioning) agreed_at: Option<Timestamp>,
}

/// False when it is not this attempt's any more: its time was over and another one has taken it on, or somebody has said
/// meanwhile whose account it is. Nothing is noted then.
pub(in crate::engine::provisioning) async fn end(conn: &mut Conn, ended: &Ended<'_>) -> Result<bool, sqlx::Error> {
    let (state, waiting) = (ended.state.as_str(), ProvisioningState::Waiting.as_str());
    let agreed = ended.state == ProvisioningState::Agreed;
    let due_at = ended.due_at.map(|at| at.0);
    let agreed_at = ended.agreed_at.map(|at| at.0);
    let code = ended.trouble.map(|trouble| &*trouble.code);
    let detail = ended.trouble.map(|trouble| &*trouble.detail);
    let remedy = ended.trouble.map(|trouble| &*trouble.remedy);
    let since = ended.trouble.map(|trouble| trouble.since.0);
    let noted = sqlx::query!(
        "UPDATE provisioning SET claimed_until = 0, created = $4, credential_generation = $5, off_at = $6,
                differences = $7,
                done = CASE WHEN $8 THEN $3 ELSE done END,
                tries = CASE WHEN $8 OR wanted <> $3 THEN 0 ELSE tries END,
                state = CASE WHEN wanted = $3 THEN $9 ELSE $10 END,
                due_at = CASE WHEN wanted = $3 THEN $11 ELSE due_at END,
                agreed_at = COALESCE($12, agreed_at),
                trouble_code = $13, trouble_detail = $14, trouble_remedy = $15,
                trouble_since = CASE WHEN trouble_code = $13 THEN trouble_since ELSE $16 END, mac = $17,
                wanted_since = CASE WHEN NOT $8 THEN wanted_since WHEN wanted = $3 THEN NULL ELSE $12 END
         WHERE portal_id = $1 AND account_id = $2 AND claimed_until = $18 AND created = $19",
        ended.portal.0,
        ended.account.0,
        ended.claim.wanted,
        ended.created,
        ended.credential_generation,
        ended.off_at,
        ended.differences,
        agreed,
        state,
        waiting,
        due_at,
        agreed_at,
        code,
        detail,
        remedy,
        since,
        ended.mac,
        ended.claim.held_until,
        ended.claim.created
    )
    .execute(conn)
    .await?;
    Ok(noted.rows_affected() == 1)
}

/// Lets go of what nothing can be noted of; another one's claim stays.
pub(in crate::engine::provisioning) async fn let_go(conn: &mut Conn, ended: &Ended<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE provisioning SET claimed_until = 0 WHERE portal_id = $1 AND account_id = $2 AND claimed_until = $3",
        ended.portal.0,
        ended.account.0,
        ended.claim.held_until
    )
    .execute(conn)
    .await
    .map(|_| ())
}
