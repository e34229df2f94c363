//! SQL of redemptions.

use counterfoil_domain::ids::{AccountId, CodeId};
use counterfoil_domain::time::Timestamp;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};

pub(super) struct Attempt<'a> {
    pub(super) id: Uuid,
    pub(super) at: Timestamp,
    pub(super) address: &'a str,
    pub(super) code: Option<CodeId>,
    pub(super) outcome: &'a str,
}

pub(super) async fn insert_attempts(conn: &mut Conn, attempts: &[Attempt<'_>]) -> Result<(), sqlx::Error> {
    for batch in attempts.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new("INSERT INTO activation_attempt (id, at, address, code_id, outcome) ");
        query.push_values(batch, |mut row, attempt| {
            row.push_bind(attempt.id).push_bind(attempt.at.0).push_bind(attempt.address);
            row.push_bind(attempt.code.map(|code| code.0)).push_bind(attempt.outcome);
        });
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
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
    pub(super) address: &'a str,
}

/// Marks codes used, each from a state that allows it; false when one of them has left it.
pub(super) async fn activate(conn: &mut Conn, now: Timestamp, new: &[NewActivation<'_>]) -> Result<bool, sqlx::Error> {
    for batch in new.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new("UPDATE code SET state = 'activated', activated_at = ");
        query.push_bind(now.0);
        query.push(" WHERE state IN ('generated', 'allocated', 'leased', 'sold') AND id IN (");
        let mut ids = query.separated(", ");
        for new in batch {
            ids.push_bind(new.code);
        }
        query.push(")");
        let done = query.build().persistent(kept(batch)).execute(&mut *conn).await?.rows_affected();
        if usize::try_from(done) != Ok(batch.len()) {
            return Ok(false);
        }
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO activation (code_id, account_id, opened_account, last_day, ends_at, activated_at, address) ",
        );
        query.push_values(batch, |mut row, new| {
            row.push_bind(new.code).push_bind(new.account.0).push_bind(new.opened_account).push_bind(new.last_day);
            row.push_bind(new.ends_at.0).push_bind(now.0).push_bind(new.address);
        });
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(true)
}
