//! SQL of customers' accounts.

use counterfoil_domain::ids::{AccountId, OperatorId};
use counterfoil_domain::time::Timestamp;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::record::{AccountRecord, account_records};
use super::{Extension, FIRST_GENERATION};
use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};

pub(super) async fn lock_by_username(
    conn: &mut Conn,
    operator: OperatorId,
    username: &str,
) -> Result<Option<AccountRecord>, sqlx::Error> {
    account_records!(
        "UPDATE account SET status = status WHERE username = $1 AND operator_id = $2 RETURNING",
        "",
        username,
        operator.0
    )
    .fetch_optional(conn)
    .await
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

/// Moves the ends of service of accounts, each once, to the plan and day of their last code.
pub(super) async fn extend(conn: &mut Conn, extensions: &[Extension<'_>]) -> Result<(), sqlx::Error> {
    for batch in extensions.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new("WITH extended (id, plan_id, last_day, ends_at) AS (");
        query.push_values(batch, |mut row, extension| {
            row.push_bind(extension.account.id).push_bind(extension.plan);
            row.push_bind(extension.end.last_day.to_string()).push_bind(extension.end.at.0);
        });
        query.push(
            ") UPDATE account SET status = 'active', plan_id = extended.plan_id, last_day = extended.last_day,
               ends_at = extended.ends_at FROM extended WHERE account.id = extended.id",
        );
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}
