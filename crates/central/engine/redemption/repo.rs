//! SQL of redemptions.

use counterfoil_domain::ids::{AccountId, CodeId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::{self, Conn};

pub(crate) struct Attempt<'a> {
    pub(crate) id: Uuid,
    pub(crate) at: Timestamp,
    pub(crate) address: &'a str,
    pub(crate) code: Option<CodeId>,
    pub(crate) outcome: &'a str,
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

pub(crate) struct NewActivation<'a> {
    pub(crate) code: Uuid,
    pub(crate) account: AccountId,
    pub(crate) opened_account: bool,
    pub(crate) last_day: &'a str,
    pub(crate) ends_at: Timestamp,
    pub(crate) address: &'a str,
}

/// Marks codes used, each from a state that allows it, by a try each; false when one of them has left it, and then the
/// caller undoes all.
pub(super) async fn activate(
    conn: &mut Conn,
    now: Timestamp,
    new: &[NewActivation<'_>],
    tries: &[Attempt<'_>],
) -> Result<bool, sqlx::Error> {
    Ok(dialect::activate_codes(conn, now, new, tries).await? == new.len())
}
