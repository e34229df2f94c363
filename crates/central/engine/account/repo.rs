//! SQL of customers' accounts.

use counterfoil_domain::ids::{AccountId, OperatorId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::record::{AccountRecord, account_records};
use crate::dialect::Conn;

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

pub(super) async fn lock(
    conn: &mut Conn,
    operator: OperatorId,
    id: AccountId,
) -> Result<Option<AccountRecord>, sqlx::Error> {
    account_records!(
        "UPDATE account SET status = status WHERE id = $1 AND operator_id = $2 RETURNING",
        "",
        id.0,
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
    pub(super) operator: OperatorId,
    pub(super) reseller: Uuid,
    pub(super) username: &'a str,
    pub(super) token_hash: &'a [u8],
    pub(super) now: Timestamp,
}

/// None when the user name or the id is taken.
pub(super) async fn insert(conn: &mut Conn, account: &NewAccount<'_>) -> Result<Option<AccountRecord>, sqlx::Error> {
    account_records!(
        "INSERT INTO account (id, operator_id, reseller_id, username, token_hash, status, created_at)
         VALUES ($1, $2, $3, $4, $5, 'active', $6) ON CONFLICT DO NOTHING RETURNING",
        "",
        account.id.0,
        account.operator.0,
        account.reseller,
        account.username,
        account.token_hash,
        account.now.0
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn extend(
    conn: &mut Conn,
    id: Uuid,
    plan: Uuid,
    last_day: &str,
    ends_at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE account SET status = 'active', plan_id = $2, last_day = $3, ends_at = $4 WHERE id = $1",
        id,
        plan,
        last_day,
        ends_at.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}
