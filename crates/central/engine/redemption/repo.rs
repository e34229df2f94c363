//! SQL of redemptions.

use counterfoil_domain::ids::{AccountId, CodeId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

pub(super) struct Attempt<'a> {
    pub(super) id: Uuid,
    pub(super) at: Timestamp,
    pub(super) address: &'a str,
    pub(super) code: Option<CodeId>,
    pub(super) outcome: &'a str,
}

pub(super) async fn insert_attempt(conn: &mut Conn, attempt: &Attempt<'_>) -> Result<(), sqlx::Error> {
    let code = attempt.code.map(|code| code.0);
    sqlx::query!(
        "INSERT INTO activation_attempt (id, at, address, code_id, outcome) VALUES ($1, $2, $3, $4, $5)",
        attempt.id,
        attempt.at.0,
        attempt.address,
        code,
        attempt.outcome
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Forgets attempts older than `before`.
pub(super) async fn forget_attempts(conn: &mut Conn, before: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM activation_attempt WHERE at < $1", before.0).execute(conn).await.map(|_| ())
}

/// Who redeemed a code, and the answer a repeat gets again.
pub(super) struct ActivationRow {
    pub(super) account_id: Uuid,
    pub(super) opened_account: bool,
    pub(super) last_day: String,
    pub(super) ends_at: i64,
}

pub(super) async fn activation(conn: &mut Conn, code: Uuid) -> Result<Option<ActivationRow>, sqlx::Error> {
    sqlx::query_as!(
        ActivationRow,
        r#"SELECT account_id AS "account_id!: Uuid", opened_account AS "opened_account!: bool",
             last_day AS "last_day!: String", ends_at AS "ends_at!: i64"
           FROM activation WHERE code_id = $1"#,
        code
    )
    .fetch_optional(conn)
    .await
}

pub(super) struct NewActivation<'a> {
    pub(super) code: Uuid,
    pub(super) account: AccountId,
    pub(super) opened_account: bool,
    pub(super) last_day: &'a str,
    pub(super) ends_at: Timestamp,
    pub(super) now: Timestamp,
    pub(super) address: &'a str,
}

/// Marks the code used, from the one state that allows it; false when it has left that state.
pub(super) async fn activate(conn: &mut Conn, new: &NewActivation<'_>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE code SET state = 'activated', activated_at = $2
         WHERE id = $1 AND state IN ('generated', 'allocated', 'leased', 'sold')",
        new.code,
        new.now.0
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() != 1 {
        return Ok(false);
    }
    sqlx::query!(
        "INSERT INTO activation (code_id, account_id, opened_account, last_day, ends_at, activated_at, address)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        new.code,
        new.account.0,
        new.opened_account,
        new.last_day,
        new.ends_at.0,
        new.now.0,
        new.address
    )
    .execute(conn)
    .await?;
    Ok(true)
}
