//! SQL of what was seen of a portal's accounts. Only the job that has hold of the portal changes many of these rows; an
//! account that is brought to the portal changes its own one, behind its row in `provisioning`.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{JobId, OperatorId, PortalId};
use counterfoil_domain::portal::DriftKind;
use counterfoil_domain::time::Timestamp;
use counterfoil_portals::Shown;
use counterfoil_wire::drift::Oddities;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::access::Moved;
use super::judge::Verdict;
use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};

/// How far a look at an account has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Its details have to be read.
    Listed,
    /// They have to be compared.
    Read,
    /// The last list has it no more, and that has to be believed.
    Gone,
    Known,
    /// It is not on the portal.
    Absent,
}

impl Stage {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Read => "read",
            Self::Gone => "gone",
            Self::Known => "known",
            Self::Absent => "absent",
        }
    }

    pub(super) fn from_stored(name: &str) -> Option<Self> {
        [Self::Listed, Self::Read, Self::Gone, Self::Known, Self::Absent]
            .into_iter()
            .find(|stage| stage.as_str() == name)
    }
}

pub(super) struct KnownRow {
    pub(super) key: String,
    pub(super) fingerprint: i64,
    pub(super) stage: String,
    pub(super) copies: i64,
    pub(super) account_id: Option<Uuid>,
    pub(super) linked: bool,
}

pub(super) async fn known(
    conn: &mut Conn,
    portal: PortalId,
    after: &str,
    limit: i64,
) -> Result<Vec<KnownRow>, sqlx::Error> {
    sqlx::query_as!(
        KnownRow,
        r#"SELECT key AS "key!: String", fingerprint AS "fingerprint!: i64", stage AS "stage!: String",
                  copies AS "copies!: i64", account_id AS "account_id?: Uuid", linked AS "linked!: bool"
           FROM portal_account WHERE portal_id = $1 AND key > $2 ORDER BY key LIMIT $3"#,
        portal.0,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) struct LinkRow {
    pub(super) account_id: Uuid,
    pub(super) reseller_id: Option<Uuid>,
    pub(super) login: String,
    pub(super) agreed_at: Option<i64>,
    pub(super) access_portal: Option<Uuid>,
    pub(super) last_access_at: Option<i64>,
}

/// Customers' accounts that are known to be on a portal.
pub(super) async fn links(
    conn: &mut Conn,
    portal: PortalId,
    after: Uuid,
    limit: i64,
) -> Result<Vec<LinkRow>, sqlx::Error> {
    sqlx::query_as!(
        LinkRow,
        r#"SELECT p.account_id AS "account_id!: Uuid", a.reseller_id AS "reseller_id?: Uuid", p.login AS "login!: String",
                  p.agreed_at AS "agreed_at?: i64", s.portal_id AS "access_portal?: Uuid",
                  s.last_access_at AS "last_access_at?: i64"
           FROM provisioning p JOIN account a ON a.id = p.account_id
                LEFT JOIN account_access s ON s.account_id = p.account_id
           WHERE p.portal_id = $1 AND p.account_id > $2 AND p.created ORDER BY p.account_id LIMIT $3"#,
        portal.0,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

/// When accounts were last at a portal. What another portal told later in the meantime stays.
pub(super) async fn put_access(conn: &mut Conn, portal: PortalId, moved: &[Moved]) -> Result<(), sqlx::Error> {
    for batch in moved.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new("INSERT INTO account_access (account_id, portal_id, last_access_at) ");
        query.push_values(batch, |mut row, moved| {
            row.push_bind(moved.account).push_bind(portal.0).push_bind(moved.at.0);
        });
        query.push(
            " ON CONFLICT (account_id) DO UPDATE SET
                portal_id = excluded.portal_id, last_access_at = excluded.last_access_at
              WHERE account_access.portal_id = excluded.portal_id
                OR account_access.last_access_at < excluded.last_access_at",
        );
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}

/// How many were connected, in place of what the list before said.
pub(super) async fn set_connections(
    conn: &mut Conn,
    portal: PortalId,
    counts: &[(Uuid, i64)],
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM portal_connection WHERE portal_id = $1", portal.0).execute(&mut *conn).await?;
    for batch in counts.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new("INSERT INTO portal_connection (portal_id, scope_id, count) ");
        query.push_values(batch, |mut row, (scope, count)| {
            row.push_bind(portal.0).push_bind(*scope).push_bind(*count);
        });
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    sqlx::query!("UPDATE portal SET connections_at = $2 WHERE id = $1", portal.0, at.0).execute(conn).await?;
    Ok(())
}

/// A row of the cheap list.
pub(super) struct Listed {
    pub(super) key: String,
    pub(super) login: String,
    pub(super) account_number: String,
    pub(super) mac: String,
    pub(super) fingerprint: i64,
    pub(super) account: Option<Uuid>,
}

pub(super) async fn put_listed(conn: &mut Conn, portal: PortalId, rows: &[Listed]) -> Result<(), sqlx::Error> {
    for batch in rows.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO portal_account
               (portal_id, key, login, account_number, mac, fingerprint, stage, account_id, linked) ",
        );
        query.push_values(batch, |mut row, new| {
            row.push_bind(portal.0).push_bind(&new.key).push_bind(&new.login).push_bind(&new.account_number);
            row.push_bind(&new.mac).push_bind(new.fingerprint).push_bind(Stage::Listed.as_str());
            row.push_bind(new.account).push_bind(new.account.is_some());
        });
        query.push(
            " ON CONFLICT (portal_id, key) DO UPDATE SET login = excluded.login,
                account_number = excluded.account_number, mac = excluded.mac, fingerprint = excluded.fingerprint,
                stage = excluded.stage, copies = 1, linked = excluded.linked,
                account_id = COALESCE(excluded.account_id, portal_account.account_id)",
        );
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Names of several rows: nothing is read, compared or written there.
pub(super) async fn set_copies(conn: &mut Conn, portal: PortalId, copies: &[(String, i64)]) -> Result<(), sqlx::Error> {
    for (key, count) in copies {
        sqlx::query!(
            "UPDATE portal_account SET copies = $3, stage = 'known', drift = NULL, fields = '[]'
             WHERE portal_id = $1 AND key = $2",
            portal.0,
            key,
            count
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

pub(super) async fn set_gone(conn: &mut Conn, portal: PortalId, keys: &[&str]) -> Result<(), sqlx::Error> {
    for batch in keys.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new("UPDATE portal_account SET stage = 'gone' WHERE portal_id = ");
        query.push_bind(portal.0).push(" AND key IN (");
        let mut list = query.separated(", ");
        for key in batch {
            list.push_bind(*key);
        }
        query.push(")");
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Customers' accounts that no list ever had.
pub(super) async fn put_gone(
    conn: &mut Conn,
    portal: PortalId,
    rows: &[(&str, &str, Uuid)],
) -> Result<(), sqlx::Error> {
    for batch in rows.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO portal_account (portal_id, key, login, account_number, mac, stage, account_id, linked) ",
        );
        query.push_values(batch, |mut row, (key, login, account)| {
            row.push_bind(portal.0).push_bind(*key).push_bind(*login).push_bind("").push_bind("");
            row.push_bind(Stage::Gone.as_str()).push_bind(*account).push_bind(true);
        });
        query.push(" ON CONFLICT (portal_id, key) DO NOTHING");
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}

/// What a whole list said of the portal itself.
pub(super) async fn set_listed(
    conn: &mut Conn,
    portal: PortalId,
    accounts: u64,
    oddities: &Oddities,
) -> Result<(), Failure> {
    let accounts = i64::try_from(accounts).map_err(Failure::internal)?;
    let oddities = serde_json::to_string(oddities).map_err(Failure::internal)?;
    sqlx::query!("UPDATE portal SET listed_accounts = $2, oddities = $3 WHERE id = $1", portal.0, accounts, oddities)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn count(conn: &mut Conn, portal: PortalId, stage: Stage) -> Result<i64, sqlx::Error> {
    let stage = stage.as_str();
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM portal_account WHERE portal_id = $1 AND stage = $2"#,
        portal.0,
        stage
    )
    .fetch_one(conn)
    .await
}

/// An account whose details have to be read.
pub(super) struct ToRead {
    pub(super) key: String,
    pub(super) login: String,
    pub(super) account_number: String,
    pub(super) mac: String,
}

pub(super) async fn to_read(conn: &mut Conn, portal: PortalId, limit: i64) -> Result<Vec<ToRead>, sqlx::Error> {
    sqlx::query_as!(
        ToRead,
        r#"SELECT key AS "key!: String", login AS "login!: String", account_number AS "account_number!: String",
                  mac AS "mac!: String"
           FROM portal_account WHERE portal_id = $1 AND stage = 'listed' ORDER BY key LIMIT $2"#,
        portal.0,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Details of an account; none where no address carries it.
pub(super) struct Read<'a> {
    pub(super) key: &'a str,
    pub(super) shown: Option<&'a Shown>,
}

pub(super) async fn put_details(conn: &mut Conn, portal: PortalId, rows: &[Read<'_>]) -> Result<(), Failure> {
    for batch in rows.chunks(ROWS) {
        let mut texts = Vec::with_capacity(batch.len());
        for row in batch {
            texts.push(row.shown.map(serde_json::to_string).transpose().map_err(Failure::internal)?);
        }
        let mut query = QueryBuilder::<Db>::new("WITH details (key, shown, owner) AS (");
        query.push_values(batch.iter().zip(texts), |mut row, (read, text)| {
            row.push_bind(read.key).push_bind(text);
            row.push_bind(read.shown.and_then(|shown| shown.owner).map(i64::from));
        });
        query.push(
            ") UPDATE portal_account SET shown = details.shown, owner = details.owner, stage = 'read'
               FROM details WHERE portal_account.key = details.key AND portal_account.portal_id = ",
        );
        query.push_bind(portal.0);
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}

/// An account that has to be compared.
pub(super) struct ToCompare {
    pub(super) key: String,
    pub(super) login: String,
    pub(super) stage: String,
    pub(super) shown: Option<String>,
    pub(super) owner: Option<i64>,
    pub(super) account_id: Option<Uuid>,
    pub(super) linked: bool,
    pub(super) agreed: Option<String>,
}

macro_rules! to_compare {
    ($tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            ToCompare,
            r#"SELECT a.key AS "key!: String", a.login AS "login!: String", a.stage AS "stage!: String",
                      a.shown AS "shown?: String", a.owner AS "owner?: i64", a.account_id AS "account_id?: Uuid",
                      a.linked AS "linked!: bool", a.agreed AS "agreed?: String"
               FROM portal_account a "#
                + $tail,
            $($argument),*
        )
    };
}

pub(super) async fn to_compare(conn: &mut Conn, portal: PortalId, limit: i64) -> Result<Vec<ToCompare>, sqlx::Error> {
    to_compare!(
        "WHERE a.portal_id = $1 AND a.stage IN ('read', 'gone') ORDER BY a.stage, a.key LIMIT $2",
        portal.0,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Those that a repair has read anew.
pub(super) async fn to_compare_of(
    conn: &mut Conn,
    portal: PortalId,
    job: JobId,
    limit: i64,
) -> Result<Vec<ToCompare>, sqlx::Error> {
    to_compare!(
        "JOIN portal_job_item i ON i.job_id = $2 AND i.key = a.key
         WHERE a.portal_id = $1 AND a.stage = 'read' AND i.state IN ('done', 'undone') ORDER BY a.key LIMIT $3",
        portal.0,
        job.0,
        limit
    )
    .fetch_all(conn)
    .await
}

/// What a look would make vanish, beside what there was.
pub(super) struct Doubts {
    pub(super) gone: i64,
    pub(super) accounts: i64,
    /// Accounts that had an owner on the portal and have none now.
    pub(super) disowned: i64,
    pub(super) owned: i64,
}

pub(super) async fn doubts(conn: &mut Conn, portal: PortalId) -> Result<Doubts, sqlx::Error> {
    sqlx::query_as!(
        Doubts,
        r#"SELECT COALESCE(SUM(CASE WHEN stage = 'gone' THEN 1 ELSE 0 END), 0) AS "gone!: i64",
                  COALESCE(SUM(CASE WHEN stage <> 'absent' THEN 1 ELSE 0 END), 0) AS "accounts!: i64",
                  COALESCE(SUM(CASE WHEN stage = 'read' AND owner_believed IS NOT NULL AND owner IS NULL
                                    THEN 1 ELSE 0 END), 0) AS "disowned!: i64",
                  COALESCE(SUM(CASE WHEN owner_believed IS NOT NULL THEN 1 ELSE 0 END), 0) AS "owned!: i64"
           FROM portal_account WHERE portal_id = $1"#,
        portal.0
    )
    .fetch_one(conn)
    .await
}

pub(super) struct Named {
    pub(super) id: Uuid,
    pub(super) username: String,
    pub(super) status: String,
    pub(super) ends_at: Option<i64>,
}

/// Customers' accounts by their user names.
pub(super) async fn named(conn: &mut Conn, operator: OperatorId, names: &[String]) -> Result<Vec<Named>, sqlx::Error> {
    let mut all = Vec::with_capacity(names.len());
    for batch in names.chunks(ROWS) {
        let mut query =
            QueryBuilder::<Db>::new("SELECT id, username, status, ends_at FROM account WHERE operator_id = ");
        query.push_bind(operator.0).push(" AND username IN (");
        let mut list = query.separated(", ");
        for name in batch {
            list.push_bind(name);
        }
        query.push(")");
        let rows: Vec<(Uuid, String, String, Option<i64>)> =
            query.build_query_as().persistent(kept(batch)).fetch_all(&mut *conn).await?;
        all.extend(rows.into_iter().map(|(id, username, status, ends_at)| Named { id, username, status, ends_at }));
    }
    Ok(all)
}

pub(super) async fn put_verdicts(
    conn: &mut Conn,
    portal: PortalId,
    verdicts: &[Verdict<'_>],
) -> Result<(), sqlx::Error> {
    for batch in verdicts.chunks(ROWS) {
        let mut query =
            QueryBuilder::<Db>::new("WITH verdict (key, stage, account_id, linked, drift, fields, agreed, owner) AS (");
        query.push_values(batch, |mut row, verdict| {
            row.push_bind(verdict.key).push_bind(verdict.stage.as_str()).push_bind(verdict.account);
            row.push_bind(verdict.linked).push_bind(verdict.drift.map(DriftKind::as_str));
            row.push_bind(&verdict.fields).push_bind(&verdict.agreed).push_bind(verdict.owner);
        });
        query.push(
            ") UPDATE portal_account SET stage = verdict.stage, account_id = verdict.account_id,
                 linked = verdict.linked, drift = verdict.drift, fields = verdict.fields,
                 agreed = COALESCE(verdict.agreed, portal_account.agreed), owner_believed = verdict.owner
               FROM verdict WHERE portal_account.key = verdict.key AND portal_account.portal_id = ",
        );
        query.push_bind(portal.0);
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Accounts that are not on the portal and were nobody's.
pub(super) async fn forget(conn: &mut Conn, portal: PortalId, keys: &[&str]) -> Result<(), sqlx::Error> {
    for key in keys {
        sqlx::query!("DELETE FROM portal_account WHERE portal_id = $1 AND key = $2", portal.0, key)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

pub(super) async fn set_compared(conn: &mut Conn, portal: PortalId, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE portal SET compared_at = $2 WHERE id = $1", portal.0, now.0).execute(conn).await.map(|_| ())
}

/// Accounts about which the two sides disagree.
pub(super) async fn drifting(conn: &mut Conn, portal: PortalId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM portal_account WHERE portal_id = $1 AND drift IS NOT NULL"#,
        portal.0
    )
    .fetch_one(conn)
    .await
}
