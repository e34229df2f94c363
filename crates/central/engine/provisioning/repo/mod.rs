//! SQL of accounts on portals. Many rows at once are only ever changed by `dialect::want_provisioning`, in the order of
//! their ids; all else changes one row in a transaction, so that nobody waits for anybody in a circle.

mod attempts;
pub(super) mod carried;

use counterfoil_domain::ids::{AccountId, OperatorId, PortalId};
use counterfoil_domain::portal::ProvisioningState;
use counterfoil_domain::time::Timestamp;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::Key;
use super::standing::Standing;
use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};

pub(super) use attempts::{Claim, Ended, claim, due, end, let_go};

pub(super) struct Row {
    pub(super) account_id: Uuid,
    pub(super) login: String,
    pub(super) reseller_company: Option<String>,
    pub(super) state: String,
    pub(super) trouble_code: Option<String>,
    pub(super) trouble_detail: Option<String>,
    pub(super) trouble_remedy: Option<String>,
    pub(super) trouble_since: Option<i64>,
    pub(super) differences: String,
    pub(super) tries: i64,
    pub(super) due_at: Option<i64>,
    pub(super) agreed_at: Option<i64>,
}

macro_rules! rows {
    ($tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"SELECT p.account_id AS "account_id!: Uuid", p.login AS "login!: String",
                      r.company AS "reseller_company?: String", p.state AS "state!: String",
                      p.trouble_code AS "trouble_code?: String", p.trouble_detail AS "trouble_detail?: String",
                      p.trouble_remedy AS "trouble_remedy?: String", p.trouble_since AS "trouble_since?: i64",
                      p.differences AS "differences!: String", p.tries AS "tries!: i64", p.due_at AS "due_at?: i64",
                      p.agreed_at AS "agreed_at?: i64"
               FROM provisioning p JOIN account a ON a.id = p.account_id
                    LEFT JOIN reseller r ON r.id = a.reseller_id "#
                + $tail,
            $($argument),*
        )
    };
}

fn start(after: Option<Key>) -> (String, Uuid) {
    after.map_or_else(|| (String::new(), Uuid::nil()), |(login, id)| (login, id.0))
}

pub(super) async fn list(
    conn: &mut Conn,
    portal: PortalId,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let ((login, id), more) = (start(after), limit + 1);
    rows!(
        "WHERE p.portal_id = $1 AND (p.login, p.account_id) > ($2, $3) ORDER BY p.login, p.account_id LIMIT $4",
        portal.0,
        login,
        id,
        more
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn list_of_state(
    conn: &mut Conn,
    portal: PortalId,
    state: ProvisioningState,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let ((login, id), more, state) = (start(after), limit + 1, state.as_str());
    rows!(
        "WHERE p.portal_id = $1 AND p.state = $5 AND (p.login, p.account_id) > ($2, $3)
         ORDER BY p.login, p.account_id LIMIT $4",
        portal.0,
        login,
        id,
        more,
        state
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn by_account(
    conn: &mut Conn,
    portal: PortalId,
    account: AccountId,
) -> Result<Option<Row>, sqlx::Error> {
    rows!("WHERE p.portal_id = $1 AND p.account_id = $2", portal.0, account.0).fetch_optional(conn).await
}

/// Rows that one unit of work tries again.
const BATCH: i64 = 500;

/// Of those that wait for a person, the next by id; fewer than a batch are the last.
pub(super) async fn waiting_for_a_person(
    conn: &mut Conn,
    portal: PortalId,
    after: Uuid,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT account_id AS "account_id!: Uuid" FROM provisioning
           WHERE portal_id = $1 AND state = 'attention' AND account_id > $2 ORDER BY account_id LIMIT $3"#,
        portal.0,
        after,
        BATCH
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn lock_created(
    conn: &mut Conn,
    operator: OperatorId,
    portal: PortalId,
    account: AccountId,
) -> Result<bool, sqlx::Error> {
    let locked = sqlx::query!(
        "UPDATE provisioning SET wanted = wanted
         WHERE account_id = $1 AND portal_id = $2 AND operator_id = $3 AND created",
        account.0,
        portal.0,
        operator.0
    )
    .execute(conn)
    .await?;
    Ok(locked.rows_affected() > 0)
}

/// Whether another account of ours is the portal's account of this login, in whichever spelling: a portal takes all for one.
pub(super) async fn is_somebody_elses(
    conn: &mut Conn,
    portal: PortalId,
    login: &str,
    account: AccountId,
) -> Result<bool, sqlx::Error> {
    let folded = login.to_lowercase();
    let found = sqlx::query_scalar!(
        r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM provisioning
           WHERE portal_id = $1 AND (login = $2 OR LOWER(login) = $4) AND account_id <> $3 AND created LIMIT 1"#,
        portal.0,
        login,
        account.0,
        folded
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Its password is not known to be ours, so it is written too.
pub(super) async fn adopt(conn: &mut Conn, portal: PortalId, account: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE provisioning SET created = TRUE, credential_generation = 0 WHERE portal_id = $1 AND account_id = $2",
        portal.0,
        account.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// What the wish for an account follows from.
pub(super) struct Grounds {
    pub(super) status: String,
    pub(super) ends_at: Option<i64>,
    pub(super) credential_generation: i64,
    /// That a person gave it; none leaves what the portal has.
    pub(super) mac: Option<String>,
    pub(super) has_plan: bool,
    /// Where its plan is provisioned; none where it is nowhere.
    pub(super) plan_portal: Option<Uuid>,
    pub(super) tariff: Option<String>,
    /// Whether it stood as wanted on the portal where its plan is.
    pub(super) has_been_there: bool,
    /// Its reseller by the portal's number.
    pub(super) owner: Option<i64>,
}

pub(super) async fn grounds(
    conn: &mut Conn,
    portal: PortalId,
    account: AccountId,
) -> Result<Option<Grounds>, sqlx::Error> {
    sqlx::query_as!(
        Grounds,
        r#"SELECT a.status AS "status!: String", a.ends_at AS "ends_at?: i64",
                  a.credential_generation AS "credential_generation!: i64", a.mac AS "mac?: String",
                  a.plan_id IS NOT NULL AS "has_plan!: bool",
                  p.portal_id AS "plan_portal?: Uuid", p.tariff AS "tariff?: String",
                  EXISTS (SELECT 1 FROM provisioning q WHERE q.account_id = a.id AND q.portal_id = p.portal_id
                    AND q.agreed_at IS NOT NULL) AS "has_been_there!: bool",
                  r.remote_id AS "owner?: i64"
           FROM account a LEFT JOIN portal_plan p ON p.plan_id = a.plan_id
                LEFT JOIN portal_reseller r ON r.reseller_id = a.reseller_id AND r.portal_id = $1
           WHERE a.id = $2"#,
        portal.0,
        account.0
    )
    .fetch_optional(conn)
    .await
}

#[derive(sqlx::FromRow)]
struct StandingRow {
    account_id: Uuid,
    login: String,
    state: String,
    wanted: i64,
    created: bool,
    written_generation: i64,
    status: String,
    ends_at: Option<i64>,
    credential_generation: i64,
    mac: Option<String>,
    written_mac: Option<String>,
    has_plan: bool,
    plan_portal: Option<Uuid>,
    tariff: Option<String>,
    has_been_there: bool,
    owner: Option<i64>,
    nobodys: bool,
}

/// [`grounds`] of many, with how each stands.
pub(super) async fn standings(
    conn: &mut Conn,
    portal: PortalId,
    accounts: &[Uuid],
) -> Result<Vec<Standing>, sqlx::Error> {
    let mut all = Vec::with_capacity(accounts.len());
    for batch in accounts.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new(
            "SELECT s.account_id, s.login, s.state, s.wanted, s.created, s.credential_generation AS written_generation, a.status,
                    a.ends_at, a.credential_generation, a.mac, s.mac AS written_mac, a.plan_id IS NOT NULL AS has_plan,
                    p.portal_id AS plan_portal, p.tariff,
                    EXISTS (SELECT 1 FROM provisioning q WHERE q.account_id = a.id AND q.portal_id = p.portal_id
                      AND q.agreed_at IS NOT NULL) AS has_been_there,
                    r.remote_id AS owner, a.reseller_id IS NULL AS nobodys
             FROM provisioning s JOIN account a ON a.id = s.account_id
                  LEFT JOIN portal_plan p ON p.plan_id = a.plan_id
                  LEFT JOIN portal_reseller r ON r.reseller_id = a.reseller_id AND r.portal_id = s.portal_id
             WHERE s.portal_id = ",
        );
        query.push_bind(portal.0).push(" AND s.account_id IN (");
        let mut list = query.separated(", ");
        for account in batch {
            list.push_bind(*account);
        }
        query.push(")");
        let rows: Vec<StandingRow> = query.build_query_as().persistent(kept(batch)).fetch_all(&mut *conn).await?;
        all.extend(rows.into_iter().map(standing));
    }
    Ok(all)
}

fn standing(row: StandingRow) -> Standing {
    Standing {
        account_id: row.account_id,
        nobodys: row.nobodys,
        state: row.state,
        claim: Claim {
            wanted: row.wanted,
            login: row.login,
            created: row.created,
            credential_generation: row.written_generation,
            mac: row.written_mac,
            tries: 0,
            held_until: 0,
        },
        grounds: Grounds {
            status: row.status,
            ends_at: row.ends_at,
            credential_generation: row.credential_generation,
            mac: row.mac,
            has_plan: row.has_plan,
            plan_portal: row.plan_portal,
            tariff: row.tariff,
            has_been_there: row.has_been_there,
            owner: row.owner,
        },
    }
}

/// Notes on the portal's account that both sides agree now, and on what.
pub(super) async fn set_agreed(
    conn: &mut Conn,
    portal: PortalId,
    account: AccountId,
    key: &str,
    login: &str,
    agreed: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO portal_account
           (portal_id, key, login, account_number, mac, stage, account_id, linked, agreed)
         VALUES ($1, $2, $3, '', '', 'known', $4, TRUE, $5)
         ON CONFLICT (portal_id, key) DO UPDATE SET account_id = excluded.account_id, linked = TRUE,
           agreed = excluded.agreed, drift = NULL, fields = '[]',
           stage = CASE WHEN portal_account.stage = 'absent' THEN 'known' ELSE portal_account.stage END",
        portal.0,
        key,
        login,
        account.0,
        agreed
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn link(
    conn: &mut Conn,
    operator: OperatorId,
    portal: PortalId,
    account: Uuid,
    login: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO provisioning
           (account_id, portal_id, operator_id, login, wanted, state, created, credential_generation)
         SELECT id, $2, $3, $4, 0, 'agreed', TRUE, credential_generation FROM account WHERE id = $1
         ON CONFLICT (account_id, portal_id) DO UPDATE SET login = excluded.login, created = TRUE, state = 'agreed',
           credential_generation = excluded.credential_generation, done = provisioning.wanted, due_at = NULL,
           trouble_code = NULL, trouble_detail = NULL, trouble_remedy = NULL, trouble_since = NULL,
           differences = '[]'",
        account,
        portal.0,
        operator.0,
        login
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn link_and_write(
    conn: &mut Conn,
    operator: OperatorId,
    portal: PortalId,
    account: Uuid,
    login: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO provisioning
           (account_id, portal_id, operator_id, login, wanted, state, created, credential_generation, due_at,
            wanted_since)
         VALUES ($1, $2, $3, $4, 1, 'waiting', TRUE, 0, $5, $5)
         ON CONFLICT (account_id, portal_id) DO UPDATE SET login = excluded.login, created = TRUE,
           credential_generation = 0",
        account,
        portal.0,
        operator.0,
        login,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn unlink(conn: &mut Conn, portal: PortalId, account: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE provisioning SET created = FALSE, credential_generation = 0, mac = NULL, off_at = NULL
         WHERE portal_id = $1 AND account_id = $2",
        portal.0,
        account
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn make_anew(conn: &mut Conn, portal: PortalId, account: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE provisioning SET created = FALSE, credential_generation = 0, mac = NULL WHERE portal_id = $1 AND account_id = $2",
        portal.0,
        account
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn linked_after(
    conn: &mut Conn,
    portal: PortalId,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT account_id AS "account_id!: Uuid" FROM provisioning
           WHERE portal_id = $1 AND account_id > $2 AND created ORDER BY account_id LIMIT $3"#,
        portal.0,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn count_linked(conn: &mut Conn, portal: PortalId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM provisioning WHERE portal_id = $1 AND created"#,
        portal.0
    )
    .fetch_one(conn)
    .await
}

/// Accounts that Central itself has to switch off by now.
pub(super) async fn to_switch_off(conn: &mut Conn, now: Timestamp) -> Result<Vec<(Uuid, Uuid)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT operator_id AS "operator_id!: Uuid", account_id AS "account_id!: Uuid" FROM provisioning
           WHERE off_at <= $1 ORDER BY off_at LIMIT $2"#,
        now.0,
        BATCH
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.operator_id, row.account_id)).collect())
}

/// A plan whose accounts have still to be brought to its portal.
pub(super) struct Spread {
    pub(super) operator_id: Uuid,
    pub(super) plan_id: Uuid,
    /// After this account.
    pub(super) after: Uuid,
}

pub(super) async fn spreads(conn: &mut Conn) -> Result<Vec<Spread>, sqlx::Error> {
    sqlx::query_as!(
        Spread,
        r#"SELECT o.operator_id AS "operator_id!: Uuid", p.plan_id AS "plan_id!: Uuid", p.spread_after AS "after!: Uuid"
           FROM portal_plan p JOIN portal o ON o.id = p.portal_id
           WHERE p.spread_after IS NOT NULL ORDER BY p.plan_id"#
    )
    .fetch_all(conn)
    .await
}

/// The next accounts by id, with their plans.
pub(super) async fn accounts_after(
    conn: &mut Conn,
    after: Uuid,
    limit: i64,
) -> Result<Vec<(Uuid, Option<Uuid>)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id!: Uuid", plan_id AS "plan_id?: Uuid" FROM account WHERE id > $1 ORDER BY id LIMIT $2"#,
        after,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.plan_id)).collect())
}

/// Nothing when somebody began anew meanwhile.
pub(super) async fn move_spread(conn: &mut Conn, spread: &Spread, to: Option<Uuid>) -> Result<bool, sqlx::Error> {
    let moved = sqlx::query!(
        "UPDATE portal_plan SET spread_after = $3 WHERE plan_id = $1 AND spread_after = $2",
        spread.plan_id,
        spread.after,
        to
    )
    .execute(conn)
    .await?;
    Ok(moved.rows_affected() == 1)
}
