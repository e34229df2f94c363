//! SQL of customers' accounts.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{AccountId, OperatorId, ResellerId, SubscriptionId};
use counterfoil_domain::time::Timestamp;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::draft::Draft;
use super::record::{AccountRecord, COLUMNS, account_records};
use super::{Extension, FIRST_GENERATION};
use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};
use crate::engine::stored::{stored_amount, stored_unit};

pub(super) async fn named(
    conn: &mut Conn,
    operator: OperatorId,
    names: &[&str],
) -> Result<Vec<(String, Uuid)>, sqlx::Error> {
    let mut all = Vec::with_capacity(names.len());
    for batch in names.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new("SELECT username, id FROM account WHERE operator_id = ");
        query.push_bind(operator.0).push(" AND username IN (");
        let mut list = query.separated(", ");
        for name in batch {
            list.push_bind(*name);
        }
        query.push(")");
        all.extend(query.build_query_as().persistent(kept(batch)).fetch_all(&mut *conn).await?);
    }
    Ok(all)
}

pub(super) async fn by_token(conn: &mut Conn, hash: &[u8]) -> Result<Option<AccountRecord>, sqlx::Error> {
    account_records!("SELECT", "FROM account WHERE token_hash = $1", hash).fetch_optional(conn).await
}

pub(super) struct NewAccount<'a> {
    pub(super) id: AccountId,
    pub(super) reseller: Uuid,
    pub(super) username: &'a str,
    pub(super) token_hash: &'a [u8],
}

/// Gives the ids of those that were stored: not where the user name or the id is taken.
pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    now: Timestamp,
    accounts: &[NewAccount<'_>],
) -> Result<Vec<Uuid>, sqlx::Error> {
    let mut stored = Vec::with_capacity(accounts.len());
    for batch in accounts.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO account
               (id, operator_id, reseller_id, username, token_hash, credential_generation, status, created_at) ",
        );
        query.push_values(batch, |mut row, new| {
            row.push_bind(new.id.0).push_bind(operator.0).push_bind(new.reseller).push_bind(new.username);
            row.push_bind(new.token_hash).push_bind(FIRST_GENERATION).push_bind("active").push_bind(now.0);
        });
        query.push(" ON CONFLICT DO NOTHING RETURNING id");
        stored.extend(query.build_query_scalar::<Uuid>().persistent(kept(batch)).fetch_all(&mut *conn).await?);
    }
    Ok(stored)
}

/// Moves the ends of service of accounts, each once, to the plan and day of their last code. Who is suspended stays so.
pub(super) async fn extend(conn: &mut Conn, extensions: &[Extension<'_>]) -> Result<(), sqlx::Error> {
    for batch in extensions.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new("WITH extended (id, plan_id, last_day, ends_at) AS (");
        query.push_values(batch, |mut row, extension| {
            row.push_bind(extension.account.id).push_bind(extension.plan);
            row.push_bind(extension.end.last_day.to_string()).push_bind(extension.end.at.0);
        });
        query.push(
            ") UPDATE account SET status = CASE WHEN account.status = 'suspended' THEN 'suspended' ELSE 'active' END,
               plan_id = extended.plan_id, last_day = extended.last_day,
               ends_at = extended.ends_at FROM extended WHERE account.id = extended.id",
        );
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Accounts that nobody owns, by user name.
pub(super) async fn unassigned(
    conn: &mut Conn,
    operator: OperatorId,
    pattern: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<AccountRecord>, sqlx::Error> {
    account_records!(
        "SELECT",
        r"FROM account WHERE operator_id = $1 AND reseller_id IS NULL AND status <> 'archived' AND username > $3
            AND LOWER(username) LIKE $2 ESCAPE '\'
          ORDER BY username LIMIT $4",
        operator.0,
        pattern,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn unassigned_after(
    conn: &mut Conn,
    operator: OperatorId,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id!: Uuid" FROM account
           WHERE operator_id = $1 AND reseller_id IS NULL AND status <> 'archived' AND id > $2 ORDER BY id LIMIT $3"#,
        operator.0,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn set_owner(conn: &mut Conn, account: Uuid, reseller: ResellerId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE account SET reseller_id = $2 WHERE id = $1 AND reseller_id IS NULL", account, reseller.0)
        .execute(conn)
        .await
        .map(|_| ())
}

pub(super) async fn count_up_to(conn: &mut Conn, reseller: ResellerId, most: i64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM (SELECT id FROM account
             WHERE reseller_id = $1 AND status <> 'archived' LIMIT $2) AS counted"#,
        reseller.0,
        most
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn by_id(
    conn: &mut Conn,
    operator: OperatorId,
    id: AccountId,
) -> Result<Option<AccountRecord>, sqlx::Error> {
    account_records!("SELECT", "FROM account WHERE operator_id = $1 AND id = $2", operator.0, id.0)
        .fetch_optional(conn)
        .await
}

pub(super) async fn of_mac(conn: &mut Conn, operator: OperatorId, mac: &str) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT id AS "id!: Uuid" FROM account WHERE operator_id = $1 AND mac = $2"#, operator.0, mac)
        .fetch_optional(conn)
        .await
}

pub(super) async fn fill(conn: &mut Conn, id: Uuid, draft: &Draft) -> Result<(), sqlx::Error> {
    let connections = i64::from(draft.max_connections);
    sqlx::query!(
        "UPDATE account SET email = $2, mac = $3, notes = $4, max_connections = $5 WHERE id = $1",
        id,
        draft.email,
        draft.mac,
        draft.notes,
        connections
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// It is another version now.
pub(super) async fn revise(conn: &mut Conn, id: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE account SET revision = revision + 1 WHERE id = $1", id.0).execute(conn).await.map(|_| ())
}

pub(super) async fn set_status(conn: &mut Conn, id: AccountId, to: AccountStatus) -> Result<(), sqlx::Error> {
    let to = to.as_str();
    sqlx::query!("UPDATE account SET status = $2 WHERE id = $1", id.0, to).execute(conn).await.map(|_| ())
}

pub(super) async fn release_mac(conn: &mut Conn, id: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE account SET mac = NULL WHERE id = $1", id.0).execute(conn).await.map(|_| ())
}

pub(super) async fn set_generation(
    conn: &mut Conn,
    id: AccountId,
    generation: i64,
    token_hash: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE account SET credential_generation = $2, token_hash = $3 WHERE id = $1",
        id.0,
        generation,
        token_hash
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn give_to(conn: &mut Conn, id: AccountId, reseller: ResellerId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE account SET reseller_id = $2 WHERE id = $1", id.0, reseller.0).execute(conn).await.map(|_| ())
}

/// Which accounts a page of the list has.
pub(super) struct Filter<'a> {
    pub(super) operator: OperatorId,
    pub(super) reseller: Option<Uuid>,
    pub(super) status: Option<AccountStatus>,
    pub(super) search: Option<Search>,
    pub(super) plan: Option<Uuid>,
    /// The last day of service is before this one.
    pub(super) ends_before: Option<&'a str>,
    /// User names after this one.
    pub(super) after: &'a str,
    pub(super) now: Timestamp,
}

/// The start of a user name, or a whole e-mail address; and the MAC address that the text is.
pub(super) struct Search {
    pub(super) text: String,
    pub(super) mac: Option<String>,
}

/// By user name. What is searched is found by index: names that begin so, and addresses that are so.
pub(super) async fn list(conn: &mut Conn, filter: &Filter<'_>, limit: i64) -> Result<Vec<AccountRecord>, sqlx::Error> {
    let mut query = QueryBuilder::<Db>::new("");
    let Some(search) = &filter.search else {
        part(&mut query, filter, limit);
        return query.build_query_as().fetch_all(conn).await;
    };
    query.push("SELECT * FROM (SELECT * FROM (");
    // Above every character that a name may have.
    let beyond = format!("{}\u{10FFFF}", search.text);
    start(&mut query, filter);
    query.push(" AND username >= ").push_bind(search.text.clone()).push(" AND username < ").push_bind(beyond);
    end(&mut query, limit);
    query.push(") AS named UNION SELECT * FROM (");
    start(&mut query, filter);
    query.push(" AND email = ").push_bind(search.text.clone());
    end(&mut query, limit);
    query.push(") AS written");
    if let Some(mac) = &search.mac {
        query.push(" UNION SELECT * FROM (");
        start(&mut query, filter);
        query.push(" AND mac = ").push_bind(mac.clone());
        end(&mut query, limit);
        query.push(") AS boxed");
    }
    query.push(") AS found ORDER BY username LIMIT ").push_bind(limit);
    query.build_query_as().fetch_all(conn).await
}

fn part(query: &mut QueryBuilder<Db>, filter: &Filter<'_>, limit: i64) {
    start(query, filter);
    end(query, limit);
}

fn start(query: &mut QueryBuilder<Db>, filter: &Filter<'_>) {
    query.push("SELECT ").push(COLUMNS).push(" FROM account WHERE operator_id = ").push_bind(filter.operator.0);
    query.push(" AND username > ").push_bind(filter.after.to_owned());
    if let Some(reseller) = filter.reseller {
        query.push(" AND reseller_id = ").push_bind(reseller);
    }
    if let Some(plan) = filter.plan {
        query.push(" AND plan_id = ").push_bind(plan);
    }
    if let Some(day) = filter.ends_before {
        query.push(" AND last_day < ").push_bind(day.to_owned());
    }
    let now = filter.now.0;
    match filter.status {
        None => {}
        Some(AccountStatus::Active) => drop(query.push(" AND status = 'active' AND ends_at >= ").push_bind(now)),
        Some(AccountStatus::Expired) => {
            query
                .push(" AND status IN ('active', 'expired') AND (ends_at IS NULL OR ends_at < ")
                .push_bind(now)
                .push(")");
        }
        Some(other) => drop(query.push(" AND status = ").push_bind(other.as_str())),
    }
}

fn end(query: &mut QueryBuilder<Db>, limit: i64) {
    query.push(" ORDER BY username LIMIT ").push_bind(limit);
}

pub(super) struct NewSubscription<'a> {
    pub(super) id: SubscriptionId,
    pub(super) account: AccountId,
    pub(super) reseller: ResellerId,
    pub(super) plan: Uuid,
    pub(super) plan_name: &'a str,
    pub(super) days: i64,
    pub(super) price: Option<i64>,
    pub(super) currency: &'a str,
    pub(super) cost: i64,
    pub(super) unit: &'a str,
    pub(super) last_day: &'a str,
    pub(super) ends_at: i64,
}

pub(super) async fn insert_subscription(
    conn: &mut Conn,
    operator: OperatorId,
    now: Timestamp,
    new: &NewSubscription<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO subscription (id, operator_id, account_id, reseller_id, plan_id, plan_name, days, price, currency,
                                   cost, unit, last_day, ends_at, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        new.id.0,
        operator.0,
        new.account.0,
        new.reseller.0,
        new.plan,
        new.plan_name,
        new.days,
        new.price,
        new.currency,
        new.cost,
        new.unit,
        new.last_day,
        new.ends_at,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// What a repeat is compared with, and answered.
pub(super) struct Subscription {
    pub(super) account_id: Uuid,
    pub(super) reseller_id: Option<Uuid>,
    pub(super) plan_id: Uuid,
    cost: i64,
    unit: String,
}

impl Subscription {
    /// What was paid; none for a gift.
    pub(super) fn cost(&self) -> Result<Option<Amount>, Failure> {
        let unit = stored_unit(&self.unit, "subscription", self.account_id)?;
        let cost = stored_amount(self.cost, unit, "subscription", self.account_id)?;
        Ok(Some(cost).filter(|cost| cost.value() > 0))
    }
}

pub(super) async fn subscription(conn: &mut Conn, id: SubscriptionId) -> Result<Option<Subscription>, sqlx::Error> {
    sqlx::query_as!(
        Subscription,
        r#"SELECT account_id AS "account_id!: Uuid", reseller_id AS "reseller_id?: Uuid", plan_id AS "plan_id!: Uuid",
                  cost AS "cost!: i64", unit AS "unit!: String"
           FROM subscription WHERE id = $1"#,
        id.0
    )
    .fetch_optional(conn)
    .await
}

/// A line of the audit about an account, or a code redeemed for it.
pub(super) struct EventRow {
    pub(super) id: Uuid,
    pub(super) at: i64,
    pub(super) action: String,
    pub(super) actor: String,
    pub(super) by_name: Option<String>,
    /// Of the reseller whose member it was.
    pub(super) by_path: Option<String>,
    pub(super) detail: String,
    pub(super) serial: Option<String>,
    pub(super) plan_name: Option<String>,
    pub(super) last_day: Option<String>,
}

pub(super) async fn history(
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
           FROM (SELECT a.id, a.at, a.action, a.actor, COALESCE(s.username, m.username) AS by_name, r.path AS by_path,
                        a.detail, NULL AS serial, NULL AS plan_name, NULL AS last_day
                 FROM audit a LEFT JOIN staff s ON s.id = a.actor_id LEFT JOIN member m ON m.id = a.actor_id
                      LEFT JOIN reseller r ON r.id = m.reseller_id
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

/// When each was last at a portal; who never was, or nobody looked for, is left out.
pub(super) async fn last_access(conn: &mut Conn, accounts: &[Uuid]) -> Result<Vec<(Uuid, i64)>, sqlx::Error> {
    let mut all = Vec::new();
    for batch in accounts.chunks(ROWS) {
        let mut query =
            QueryBuilder::<Db>::new("SELECT account_id, last_access_at FROM account_access WHERE account_id IN (");
        let mut list = query.separated(", ");
        for account in batch {
            list.push_bind(*account);
        }
        query.push(")");
        let rows: Vec<(Uuid, i64)> = query.build_query_as().persistent(kept(batch)).fetch_all(&mut *conn).await?;
        all.extend(rows);
    }
    Ok(all)
}
