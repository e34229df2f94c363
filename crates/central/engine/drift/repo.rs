//! SQL of disagreements and of what is decided for them.

use counterfoil_domain::ids::{AccountId, JobId, OperatorId, PortalId};
use counterfoil_domain::portal::DriftKind;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::record::{Row, drift_rows};
use crate::dialect::Conn;

/// What stands of the last look.
pub(super) struct Report {
    pub(super) compared_at: Option<i64>,
    pub(super) listed_accounts: i64,
    pub(super) oddities: Option<String>,
}

pub(super) async fn report(conn: &mut Conn, portal: PortalId) -> Result<Report, sqlx::Error> {
    sqlx::query_as!(
        Report,
        r#"SELECT compared_at AS "compared_at?: i64", listed_accounts AS "listed_accounts!: i64",
                  oddities AS "oddities?: String"
           FROM portal WHERE id = $1"#,
        portal.0
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn counts(conn: &mut Conn, portal: PortalId) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT drift AS "drift!: String", COUNT(*) AS "count!: i64" FROM portal_account
           WHERE portal_id = $1 AND drift IS NOT NULL GROUP BY drift"#,
        portal.0
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.drift, row.count)).collect())
}

pub(super) async fn of_kind(
    conn: &mut Conn,
    portal: PortalId,
    kind: DriftKind,
    after: &str,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let kind = kind.as_str();
    drift_rows!(
        "WHERE a.portal_id = $1 AND a.drift = $2 AND a.key > $3 ORDER BY a.key LIMIT $4",
        portal.0,
        kind,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn of_any_kind(
    conn: &mut Conn,
    portal: PortalId,
    after: &str,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    drift_rows!(
        "WHERE a.portal_id = $1 AND a.drift IS NOT NULL AND a.key > $2 ORDER BY a.key LIMIT $3",
        portal.0,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Those of these that disagree, in the order of their keys.
pub(super) async fn of_keys(conn: &mut Conn, portal: PortalId, keys: &[String]) -> Result<Vec<Row>, sqlx::Error> {
    let mut rows = Vec::with_capacity(keys.len());
    for key in keys {
        let row = drift_rows!("WHERE a.portal_id = $1 AND a.key = $2 AND a.drift IS NOT NULL", portal.0, key);
        rows.extend(row.fetch_optional(&mut *conn).await?);
    }
    rows.sort_by(|one, other| one.key.cmp(&other.key));
    rows.dedup_by(|one, other| one.key == other.key);
    Ok(rows)
}

/// Tariffs of a portal with the plans that are sold as them.
pub(super) async fn tariffs(conn: &mut Conn, portal: Uuid) -> Result<Vec<(String, Uuid)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT tariff AS "tariff!: String", plan_id AS "plan_id!: Uuid" FROM portal_plan
           WHERE portal_id = $1 AND tariff IS NOT NULL ORDER BY plan_id"#,
        portal
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.tariff, row.plan_id)).collect())
}

pub(super) struct RemoteReseller {
    pub(super) remote_id: i64,
    pub(super) id: Uuid,
    pub(super) path: String,
}

pub(super) async fn remote_resellers(conn: &mut Conn, portal: Uuid) -> Result<Vec<RemoteReseller>, sqlx::Error> {
    sqlx::query_as!(
        RemoteReseller,
        r#"SELECT p.remote_id AS "remote_id!: i64", r.id AS "id!: Uuid", r.path AS "path!: String"
           FROM portal_reseller p JOIN reseller r ON r.id = p.reseller_id WHERE p.portal_id = $1"#,
        portal
    )
    .fetch_all(conn)
    .await
}

/// Keeps what is shown of all that disagree in one way: a repair does only that.
pub(super) async fn freeze_kind(
    conn: &mut Conn,
    job: JobId,
    portal: PortalId,
    kind: DriftKind,
) -> Result<u64, sqlx::Error> {
    let kind = kind.as_str();
    let put = sqlx::query!(
        "INSERT INTO portal_job_item (job_id, key, drift, fields, state, account_id)
         SELECT $1, key, drift, fields, 'open', account_id FROM portal_account WHERE portal_id = $2 AND drift = $3",
        job.0,
        portal.0,
        kind
    )
    .execute(conn)
    .await?;
    Ok(put.rows_affected())
}

pub(super) async fn freeze_keys(
    conn: &mut Conn,
    job: JobId,
    portal: PortalId,
    keys: &[String],
) -> Result<u64, sqlx::Error> {
    let mut put = 0;
    for key in keys {
        let done = sqlx::query!(
            "INSERT INTO portal_job_item (job_id, key, drift, fields, state, account_id)
             SELECT $1, key, drift, fields, 'open', account_id FROM portal_account
             WHERE portal_id = $2 AND key = $3 AND drift IS NOT NULL
             ON CONFLICT (job_id, key) DO NOTHING",
            job.0,
            portal.0,
            key
        )
        .execute(&mut *conn)
        .await?;
        put += done.rows_affected();
    }
    Ok(put)
}

pub(super) async fn set_total(conn: &mut Conn, job: JobId, total: u64) -> Result<(), sqlx::Error> {
    let total = i64::try_from(total).unwrap_or(i64::MAX);
    sqlx::query!("UPDATE portal_job SET total = $2 WHERE id = $1", job.0, total).execute(conn).await.map(|_| ())
}

/// An account that a repair was decided for: as it was shown, and as it stands.
pub(super) struct Item {
    pub(super) shown_drift: String,
    pub(super) shown_fields: String,
    pub(super) row: Row,
}

/// Items still to be done. One that does not disagree any more has no row: it is [`settled_meanwhile`].
pub(super) async fn open_items(
    conn: &mut Conn,
    job: JobId,
    portal: PortalId,
    limit: i64,
) -> Result<Vec<Item>, sqlx::Error> {
    let items = sqlx::query!(
        r#"SELECT key AS "key!: String", drift AS "drift!: String", fields AS "fields!: String" FROM portal_job_item
           WHERE job_id = $1 AND state = 'open' ORDER BY key LIMIT $2"#,
        job.0,
        limit
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        let row = drift_rows!("WHERE a.portal_id = $1 AND a.key = $2 AND a.drift IS NOT NULL", portal.0, item.key);
        if let Some(row) = row.fetch_optional(&mut *conn).await? {
            found.push(Item { shown_drift: item.drift, shown_fields: item.fields, row });
        }
    }
    Ok(found)
}

/// Items that do not disagree any more, in whichever way it came: nothing is left to do, and nothing to take back.
pub(super) async fn settled_meanwhile(conn: &mut Conn, job: JobId, portal: PortalId) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE portal_job_item SET state = 'refused', refusal = 'changed'
         WHERE job_id = $1 AND state = 'open' AND NOT EXISTS (
           SELECT 1 FROM portal_account a
           WHERE a.portal_id = $2 AND a.key = portal_job_item.key AND a.drift IS NOT NULL)",
        job.0,
        portal.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// How one item ended.
pub(super) struct Done<'a> {
    pub(super) key: &'a str,
    pub(super) refusal: Option<&'static str>,
    pub(super) account: Option<Uuid>,
    pub(super) before: Option<String>,
}

pub(super) async fn set_item(conn: &mut Conn, job: JobId, done: &Done<'_>) -> Result<(), sqlx::Error> {
    let state = if done.refusal.is_some() { "refused" } else { "done" };
    sqlx::query!(
        "UPDATE portal_job_item SET state = $3, refusal = $4, account_id = $5, before = $6
         WHERE job_id = $1 AND key = $2",
        job.0,
        done.key,
        state,
        done.refusal,
        done.account,
        done.before
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// An item that can be put back.
pub(super) struct Undoable {
    pub(super) key: String,
    pub(super) account_id: Option<Uuid>,
    pub(super) fields: String,
    pub(super) before: String,
}

pub(super) async fn undoable(
    conn: &mut Conn,
    job: JobId,
    after: &str,
    limit: i64,
) -> Result<Vec<Undoable>, sqlx::Error> {
    sqlx::query_as!(
        Undoable,
        r#"SELECT key AS "key!: String", account_id AS "account_id?: Uuid", fields AS "fields!: String",
                  before AS "before!: String"
           FROM portal_job_item
           WHERE job_id = $1 AND state = 'done' AND before IS NOT NULL AND key > $2 ORDER BY key LIMIT $3"#,
        job.0,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn set_undone(conn: &mut Conn, job: JobId, key: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE portal_job_item SET state = 'undone' WHERE job_id = $1 AND key = $2", job.0, key)
        .execute(conn)
        .await
        .map(|_| ())
}

/// What a repair changes of a customer's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AccountState {
    pub(super) status: String,
    pub(super) plan_id: Option<Uuid>,
    pub(super) last_day: Option<String>,
    pub(super) ends_at: Option<i64>,
    pub(super) reseller_id: Option<Uuid>,
}

pub(super) async fn account_state(conn: &mut Conn, account: AccountId) -> Result<Option<AccountState>, sqlx::Error> {
    sqlx::query_as!(
        AccountState,
        r#"SELECT status AS "status!: String", plan_id AS "plan_id?: Uuid", last_day AS "last_day?: String",
                  ends_at AS "ends_at?: i64", reseller_id AS "reseller_id?: Uuid"
           FROM account WHERE id = $1"#,
        account.0
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn set_account_state(
    conn: &mut Conn,
    account: AccountId,
    state: &AccountState,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE account SET status = $2, plan_id = $3, last_day = $4, ends_at = $5, reseller_id = $6 WHERE id = $1",
        account.0,
        state.status,
        state.plan_id,
        state.last_day,
        state.ends_at,
        state.reseller_id
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// A customer's account out of a portal's. False when the user name is taken.
pub(super) async fn take_in(
    conn: &mut Conn,
    operator: OperatorId,
    account: AccountId,
    username: &str,
    token_hash: &[u8],
    state: &AccountState,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let put = sqlx::query!(
        "INSERT INTO account (id, operator_id, reseller_id, username, token_hash, status, plan_id, last_day, ends_at,
                              created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (username) DO NOTHING",
        account.0,
        operator.0,
        state.reseller_id,
        username,
        token_hash,
        state.status,
        state.plan_id,
        state.last_day,
        state.ends_at,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(put.rows_affected() == 1)
}

pub(super) async fn reseller_path(conn: &mut Conn, reseller: Uuid) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT path AS "path!: String" FROM reseller WHERE id = $1"#, reseller)
        .fetch_optional(conn)
        .await
}

/// The portal's account is the customer's or is not, and has to be compared again.
pub(super) async fn set_link(
    conn: &mut Conn,
    portal: PortalId,
    key: &str,
    account: Option<Uuid>,
    linked: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE portal_account SET account_id = $3, linked = $4, stage = 'read' WHERE portal_id = $1 AND key = $2",
        portal.0,
        key,
        account,
        linked
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// The two sides disagree again, as they did.
pub(super) async fn set_differs(conn: &mut Conn, portal: PortalId, key: &str, fields: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE portal_account SET drift = 'differs', fields = $3 WHERE portal_id = $1 AND key = $2",
        portal.0,
        key,
        fields
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// How an account of the portal stands now.
pub(super) struct Now {
    pub(super) login: String,
    pub(super) drift: Option<String>,
    pub(super) linked: bool,
    pub(super) copies: i64,
}

pub(super) async fn now(conn: &mut Conn, portal: PortalId, key: &str) -> Result<Option<Now>, sqlx::Error> {
    sqlx::query_as!(
        Now,
        r#"SELECT login AS "login!: String", drift AS "drift?: String", linked AS "linked!: bool",
                  copies AS "copies!: i64"
           FROM portal_account WHERE portal_id = $1 AND key = $2"#,
        portal.0,
        key
    )
    .fetch_optional(conn)
    .await
}
