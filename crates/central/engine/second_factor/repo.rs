//! SQL of the second factor.

use counterfoil_domain::ids::{OperatorId, StaffId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

pub(super) struct Stored {
    /// Sealed for its user.
    pub(super) secret: Vec<u8>,
    /// None: begun, and not asked for yet.
    pub(super) confirmed_at: Option<i64>,
}

/// The row stays locked: whatever uses up or changes one user's factor comes after it.
pub(super) async fn lock(conn: &mut Conn, user: Uuid) -> Result<Option<Stored>, sqlx::Error> {
    sqlx::query_as!(
        Stored,
        r#"UPDATE second_factor SET begun_at = begun_at WHERE user_id = $1
           RETURNING secret AS "secret!: Vec<u8>", confirmed_at AS "confirmed_at?: i64""#,
        user
    )
    .fetch_optional(conn)
    .await
}

pub(super) struct Standing {
    pub(super) confirmed: i64,
    pub(super) recovery_codes: i64,
    pub(super) of_staff: bool,
}

pub(super) async fn standing(conn: &mut Conn, operator: OperatorId, user: Uuid) -> Result<Standing, sqlx::Error> {
    sqlx::query_as!(
        Standing,
        r#"SELECT (SELECT COUNT(*) FROM second_factor f WHERE f.user_id = $2 AND f.confirmed_at IS NOT NULL)
                    AS "confirmed!: i64",
                  (SELECT COUNT(*) FROM recovery_code r WHERE r.user_id = $2) AS "recovery_codes!: i64",
                  o.staff_second_factor AS "of_staff!: bool"
           FROM operator o WHERE o.id = $1"#,
        operator.0,
        user
    )
    .fetch_one(conn)
    .await
}

/// Whether the operator wants one of its staff, and this one has none.
pub(super) async fn owes(conn: &mut Conn, staff: StaffId) -> Result<bool, sqlx::Error> {
    let owes = sqlx::query_scalar!(
        r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM staff s JOIN operator o ON o.id = s.operator_id
           WHERE s.id = $1 AND o.staff_second_factor AND NOT EXISTS
             (SELECT 1 FROM second_factor f WHERE f.user_id = s.id AND f.confirmed_at IS NOT NULL)"#,
        staff.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(owes.is_some())
}

/// In place of one that was begun; false where one is on.
pub(super) async fn begin(
    conn: &mut Conn,
    operator: OperatorId,
    user: Uuid,
    secret: &[u8],
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let begun = sqlx::query!(
        "INSERT INTO second_factor (user_id, operator_id, secret, begun_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, begun_at = excluded.begun_at
         WHERE second_factor.confirmed_at IS NULL",
        user,
        operator.0,
        secret,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(begun.rows_affected() == 1)
}

/// One that is locked and not on yet.
pub(super) async fn confirm(conn: &mut Conn, user: Uuid, step: i64, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE second_factor SET confirmed_at = $3, last_step = $2 WHERE user_id = $1", user, step, now.0)
        .execute(conn)
        .await
        .map(|_| ())
}

/// False where this step, or a later one, was taken.
pub(super) async fn take_step(conn: &mut Conn, user: Uuid, step: i64) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query!(
        "UPDATE second_factor SET last_step = $2
         WHERE user_id = $1 AND confirmed_at IS NOT NULL AND last_step < $2",
        user,
        step
    )
    .execute(conn)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// False where there is no such code, or none any more.
pub(super) async fn spend_recovery_code(conn: &mut Conn, user: Uuid, hash: &[u8]) -> Result<bool, sqlx::Error> {
    let spent = sqlx::query!("DELETE FROM recovery_code WHERE user_id = $1 AND code_hash = $2", user, hash)
        .execute(conn)
        .await?;
    Ok(spent.rows_affected() == 1)
}

pub(super) async fn add_recovery_code(conn: &mut Conn, user: Uuid, hash: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!("INSERT INTO recovery_code (user_id, code_hash) VALUES ($1, $2)", user, hash)
        .execute(conn)
        .await
        .map(|_| ())
}

pub(super) async fn forget_recovery_codes(conn: &mut Conn, user: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM recovery_code WHERE user_id = $1", user).execute(conn).await.map(|_| ())
}

/// With its recovery codes. Whether it was on.
pub(super) async fn delete(conn: &mut Conn, user: Uuid) -> Result<bool, sqlx::Error> {
    let was = sqlx::query_scalar!(
        r#"DELETE FROM second_factor WHERE user_id = $1 RETURNING confirmed_at AS "confirmed_at?: i64""#,
        user
    )
    .fetch_optional(conn)
    .await?;
    Ok(was.flatten().is_some())
}
