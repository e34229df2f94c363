//! Customers' accounts and their places on portals, many at a time.

use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::{Conn, column};
use crate::engine::account::{AccountRecord, Extension, FIRST_GENERATION, NewAccount, account_records};

/// The subscriber accounts with these ids, locked in their order until the commit. Were the operator a plain column, a
/// plan of the time when it had few accounts would go on reading all of them.
pub(crate) async fn lock_subscribers(
    conn: &mut Conn,
    operator: Uuid,
    ids: &[Uuid],
) -> Result<Vec<AccountRecord>, sqlx::Error> {
    account_records!(
        "SELECT",
        "FROM account WHERE COALESCE(operator_id, operator_id) = $1 AND id = ANY($2) ORDER BY id FOR NO KEY UPDATE",
        operator,
        ids
    )
    .fetch_all(conn)
    .await
}

/// Wants these accounts anew on each portal where they have a row, gives them one on the portal where their plan is
/// provisioned if they have none there yet, and says how many rows that are. The rows are locked in the order of their ids.
/// One that somebody beside us has just placed is wanted like those that were there. For the operator as in
/// [`lock_subscribers`].
pub(crate) async fn want_provisioning(
    conn: &mut Conn,
    operator: Uuid,
    accounts: &[Uuid],
    now: i64,
) -> Result<u64, sqlx::Error> {
    let wanted = sqlx::query_scalar!(
        r#"WITH known AS (
             SELECT account_id, portal_id FROM provisioning WHERE account_id = ANY($2)
             ORDER BY account_id, portal_id FOR NO KEY UPDATE
           ), wanted AS (
             UPDATE provisioning SET wanted = wanted + 1, state = 'waiting', due_at = $3, tries = 0, off_at = NULL,
               wanted_since = CASE WHEN state = 'waiting' AND wanted_since IS NOT NULL THEN wanted_since ELSE $3 END
             FROM known
             WHERE provisioning.account_id = known.account_id AND provisioning.portal_id = known.portal_id
             RETURNING provisioning.account_id
           ), placed AS (
             INSERT INTO provisioning (account_id, portal_id, operator_id, login, wanted, state, due_at, wanted_since)
             SELECT a.id, p.portal_id, a.operator_id, a.username, 1, 'waiting', $3, $3
             FROM account a JOIN portal_plan p ON p.plan_id = a.plan_id
             WHERE COALESCE(a.operator_id, a.operator_id) = $1 AND a.id = ANY($2) AND NOT EXISTS (
               SELECT 1 FROM known WHERE known.account_id = a.id AND known.portal_id = p.portal_id)
             ORDER BY a.id
             ON CONFLICT (account_id, portal_id) DO UPDATE SET wanted = provisioning.wanted + 1, state = 'waiting',
               due_at = $3, tries = 0, off_at = NULL,
               wanted_since = CASE WHEN provisioning.state = 'waiting' AND provisioning.wanted_since IS NOT NULL
                 THEN provisioning.wanted_since ELSE $3 END
             RETURNING account_id
           )
           SELECT (SELECT COUNT(*) FROM wanted) + (SELECT COUNT(*) FROM placed) AS "wanted!: i64""#,
        operator,
        accounts,
        now
    )
    .fetch_one(conn)
    .await?;
    Ok(wanted.unsigned_abs())
}

/// Whose user names these are. For the operator as in [`lock_subscribers`].
pub(crate) async fn accounts_named(
    conn: &mut Conn,
    operator: OperatorId,
    names: &[&str],
) -> Result<Vec<(String, Uuid)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT a.username AS "username!: String", a.id AS "id!: Uuid"
           FROM UNNEST($2::text[]) AS asked (username),
             LATERAL (SELECT username, id FROM account WHERE COALESCE(operator_id, operator_id) = $1
               AND username = asked.username OFFSET 0) AS a"#,
        operator.0,
        names as _
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.username, row.id)).collect())
}

/// Gives the ids of those that were stored, each with whether it belongs on a portal: not where the user name or the id is
/// taken. OFFSET 0 for the reason of the LATERALs.
pub(crate) async fn insert_accounts(
    conn: &mut Conn,
    operator: OperatorId,
    now: Timestamp,
    new: &[NewAccount<'_>],
) -> Result<Vec<(Uuid, bool)>, sqlx::Error> {
    let stored = sqlx::query!(
        r#"INSERT INTO account (id, operator_id, reseller_id, username, token_hash, credential_generation, status, created_at,
             plan_id, last_day, ends_at)
           SELECT id, $1, reseller_id, username, token_hash, $2, 'active', $3, plan_id, last_day, ends_at
           FROM UNNEST($4::uuid[], $5::uuid[], $6::text[], $7::bytea[], $8::uuid[], $9::text[], $10::bigint[])
             AS new (id, reseller_id, username, token_hash, plan_id, last_day, ends_at)
           ON CONFLICT DO NOTHING
           RETURNING id AS "id!: Uuid",
             EXISTS (SELECT 1 FROM portal_plan WHERE portal_plan.plan_id = account.plan_id OFFSET 0) AS "on_portal!: bool""#,
        operator.0,
        FIRST_GENERATION,
        now.0,
        &column(new, |new| new.id.0)[..],
        &column(new, |new| new.reseller)[..],
        &column(new, |new| new.username)[..] as _,
        &column(new, |new| new.token_hash)[..] as _,
        &column(new, |new| new.service.map(|service| service.plan))[..] as _,
        &column(new, |new| new.service.map(|service| service.end.last_day.to_string()))[..] as _,
        &column(new, |new| new.service.map(|service| service.end.at.0))[..] as _
    )
    .fetch_all(conn)
    .await?;
    Ok(stored.into_iter().map(|row| (row.id, row.on_portal)).collect())
}

/// Moves the ends of service of accounts, each once, to the plan and day of their last code. Who is suspended stays so. Says
/// whether one of them is on a portal, or belongs on one now. OFFSET 0 for the reason of the LATERALs.
pub(crate) async fn extend_accounts(conn: &mut Conn, extensions: &[Extension<'_>]) -> Result<bool, sqlx::Error> {
    let on_portals = sqlx::query_scalar!(
        r#"UPDATE account SET status = CASE WHEN account.status = 'suspended' THEN 'suspended' ELSE 'active' END,
             plan_id = extended.plan_id, last_day = extended.last_day, ends_at = extended.ends_at
           FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::bigint[]) AS extended (id, plan_id, last_day, ends_at)
           WHERE account.id = extended.id
           RETURNING (EXISTS (SELECT 1 FROM portal_plan WHERE portal_plan.plan_id = account.plan_id OFFSET 0)
             OR EXISTS (SELECT 1 FROM provisioning WHERE provisioning.account_id = account.id OFFSET 0))
             AS "on_portal!: bool""#,
        &column(extensions, |extension| extension.account.id)[..],
        &column(extensions, |extension| extension.plan)[..],
        &column(extensions, |extension| extension.end.last_day.to_string())[..],
        &column(extensions, |extension| extension.end.at.0)[..]
    )
    .fetch_all(conn)
    .await?;
    Ok(on_portals.contains(&true))
}
