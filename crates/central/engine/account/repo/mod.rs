//! SQL of customers' accounts.

pub(super) mod history;
pub(super) mod list;
pub(super) mod plan_change;
pub(super) mod portals;
pub(super) mod subscription;

use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::ids::{AccountId, OperatorId, PlanId, ResellerId};
use counterfoil_domain::subscription::End;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::draft::Draft;
use super::record::{AccountRecord, account_records};
use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};

pub(super) async fn by_token(conn: &mut Conn, hash: &[u8]) -> Result<Option<AccountRecord>, sqlx::Error> {
    account_records!("SELECT", "FROM account WHERE token_hash = $1", hash).fetch_optional(conn).await
}

pub(crate) struct NewAccount<'a> {
    pub(crate) id: AccountId,
    pub(crate) reseller: Uuid,
    pub(crate) username: &'a str,
    pub(crate) token_hash: &'a [u8],
    pub(crate) service: Option<FirstService>,
}

/// What an account is opened with, where nothing can stand against it any more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FirstService {
    pub(crate) plan: Uuid,
    pub(crate) end: End,
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

pub(super) async fn set_plan(conn: &mut Conn, id: AccountId, plan: PlanId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE account SET plan_id = $2 WHERE id = $1", id.0, plan.0).execute(conn).await.map(|_| ())
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

/// When each was last at a portal, and the path of its reseller; who never was, or nobody looked for, is left out.
pub(super) async fn last_access(
    conn: &mut Conn,
    operator: OperatorId,
    accounts: &[Uuid],
) -> Result<Vec<(Uuid, i64, Option<String>)>, sqlx::Error> {
    let mut all = Vec::new();
    for batch in accounts.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new(
            "SELECT s.account_id, s.last_access_at, r.path FROM account_access s
                    JOIN account a ON a.id = s.account_id LEFT JOIN reseller r ON r.id = a.reseller_id
             WHERE a.operator_id = ",
        );
        query.push_bind(operator.0).push(" AND s.account_id IN (");
        let mut list = query.separated(", ");
        for account in batch {
            list.push_bind(*account);
        }
        query.push(")");
        let rows: Vec<(Uuid, i64, Option<String>)> =
            query.build_query_as().persistent(kept(batch)).fetch_all(&mut *conn).await?;
        all.extend(rows);
    }
    Ok(all)
}
