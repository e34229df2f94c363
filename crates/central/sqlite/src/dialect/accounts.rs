//! Customers' accounts and their places on portals, many at a time.

use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Conn, hex_of, json_of, json_rows};
use crate::engine::account::{AccountRecord, Extension, FIRST_GENERATION, NewAccount, account_records};

/// The subscriber accounts with these ids. The writing transaction already has the only lock.
pub(crate) async fn lock_subscribers(
    conn: &mut Conn,
    operator: Uuid,
    ids: &[Uuid],
) -> Result<Vec<AccountRecord>, sqlx::Error> {
    let ids = json_of(ids);
    account_records!(
        "SELECT",
        "FROM account WHERE operator_id = $1 AND id IN (SELECT unhex(value) FROM json_each($2)) ORDER BY id",
        operator,
        ids
    )
    .fetch_all(conn)
    .await
}

/// Wants these accounts anew on each portal where they have a row, gives them one on the portal where their plan is
/// provisioned if they have none there yet, and says how many rows that are.
pub(crate) async fn want_provisioning(
    conn: &mut Conn,
    operator: Uuid,
    accounts: &[Uuid],
    now: i64,
) -> Result<u64, sqlx::Error> {
    let ids = json_of(accounts);
    place_on_portals(conn, operator, &ids).await?;
    let wanted = sqlx::query!(
        "UPDATE provisioning SET wanted = wanted + 1, state = 'waiting', due_at = $2, tries = 0, off_at = NULL,
                wanted_since = CASE WHEN state = 'waiting' AND wanted_since IS NOT NULL THEN wanted_since ELSE $2 END
         WHERE account_id IN (SELECT unhex(value) FROM json_each($1))",
        ids,
        now
    )
    .execute(conn)
    .await?;
    Ok(wanted.rows_affected())
}

async fn place_on_portals(conn: &mut Conn, operator: Uuid, ids: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO provisioning (account_id, portal_id, operator_id, login, wanted, state)
         SELECT a.id, p.portal_id, a.operator_id, a.username, 0, 'waiting'
         FROM account a JOIN portal_plan p ON p.plan_id = a.plan_id
         WHERE a.operator_id = $1 AND a.id IN (SELECT unhex(value) FROM json_each($2))
         ON CONFLICT (account_id, portal_id) DO NOTHING",
        operator,
        ids
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Whose user names these are.
pub(crate) async fn accounts_named(
    conn: &mut Conn,
    operator: OperatorId,
    names: &[&str],
) -> Result<Vec<(String, Uuid)>, sqlx::Error> {
    let names = Value::from(names).to_string();
    let rows = sqlx::query!(
        r#"SELECT username AS "username!: String", id AS "id!: Uuid" FROM account
           WHERE operator_id = $1 AND username IN (SELECT value FROM json_each($2))"#,
        operator.0,
        names
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.username, row.id)).collect())
}

/// Gives the ids of those that were stored, each with whether it belongs on a portal: not where the user name or the id is
/// taken.
pub(crate) async fn insert_accounts(
    conn: &mut Conn,
    operator: OperatorId,
    now: Timestamp,
    new: &[NewAccount<'_>],
) -> Result<Vec<(Uuid, bool)>, sqlx::Error> {
    let rows = json_rows(new, |new| {
        let (plan, end) = (new.service.map(|service| hex_of(service.plan)), new.service.map(|service| service.end));
        json!([
            hex_of(new.id.0),
            hex_of(new.reseller),
            new.username,
            hex::encode(new.token_hash),
            plan,
            end.map(|end| end.last_day.to_string()),
            end.map(|end| end.at.0)
        ])
    });
    let stored = sqlx::query!(
        r#"INSERT INTO account (id, operator_id, reseller_id, username, token_hash, credential_generation, status, created_at,
             plan_id, last_day, ends_at)
           SELECT unhex(value ->> 0), $1, unhex(value ->> 1), value ->> 2, unhex(value ->> 3), $2, 'active', $3,
             unhex(value ->> 4), value ->> 5, value ->> 6
           FROM json_each($4) WHERE TRUE
           ON CONFLICT DO NOTHING
           RETURNING id AS "id!: Uuid",
             EXISTS (SELECT 1 FROM portal_plan WHERE portal_plan.plan_id = account.plan_id) AS "on_portal!: bool""#,
        operator.0,
        FIRST_GENERATION,
        now.0,
        rows
    )
    .fetch_all(conn)
    .await?;
    Ok(stored.into_iter().map(|row| (row.id, row.on_portal)).collect())
}

/// Moves the ends of service of accounts, each once, to the plan and day of their last code. Who is suspended stays so. Says
/// whether one of them is on a portal, or belongs on one now.
pub(crate) async fn extend_accounts(conn: &mut Conn, extensions: &[Extension<'_>]) -> Result<bool, sqlx::Error> {
    let rows = json_rows(extensions, |extension| {
        let last_day = extension.end.last_day.to_string();
        json!([hex_of(extension.account.id), hex_of(extension.plan), last_day, extension.end.at.0])
    });
    let on_portals = sqlx::query_scalar!(
        r#"WITH extended (id, plan_id, last_day, ends_at) AS (
             SELECT unhex(value ->> 0), unhex(value ->> 1), value ->> 2, value ->> 3 FROM json_each($1))
           UPDATE account SET status = CASE WHEN account.status = 'suspended' THEN 'suspended' ELSE 'active' END,
             plan_id = extended.plan_id, last_day = extended.last_day, ends_at = extended.ends_at
           FROM extended WHERE account.id = extended.id
           RETURNING (EXISTS (SELECT 1 FROM portal_plan WHERE portal_plan.plan_id = account.plan_id)
             OR EXISTS (SELECT 1 FROM provisioning WHERE provisioning.account_id = account.id))
             AS "on_portal!: bool""#,
        rows
    )
    .fetch_all(conn)
    .await?;
    Ok(on_portals.contains(&true))
}
