//! SQL of the tries to sign in under a name, and whose name is locked.

use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;

use crate::dialect::Conn;

pub(in crate::engine::sessions) struct Try<'a> {
    pub(in crate::engine::sessions) audience: &'a str,
    pub(in crate::engine::sessions) name_hash: &'a [u8],
    pub(in crate::engine::sessions) now: Timestamp,
}

/// What came of counting a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine::sessions) enum Outcome {
    /// It was locked already, until then: not counted.
    Locked(Timestamp),
    Counted,
    /// The last one allowed: the name is locked now.
    Last,
}

/// Counts one try; with the last allowed one the name locks.
pub(in crate::engine::sessions) async fn count_try(
    conn: &mut Conn,
    this: &Try<'_>,
    most: i64,
    lock_until: Timestamp,
) -> Result<Outcome, sqlx::Error> {
    let row = sqlx::query!(
        r#"INSERT INTO sign_in_guard (audience, name_hash, attempts, locked_until, last_at)
           VALUES ($1, $2, 0, 0, $3)
           ON CONFLICT (audience, name_hash) DO UPDATE SET last_at = excluded.last_at
           RETURNING attempts AS "attempts!: i64", locked_until AS "locked_until!: i64""#,
        this.audience,
        this.name_hash,
        this.now.0
    )
    .fetch_one(&mut *conn)
    .await?;
    if row.locked_until > this.now.0 {
        return Ok(Outcome::Locked(Timestamp(row.locked_until)));
    }
    let attempts = row.attempts + 1;
    let last = attempts >= most;
    let (attempts, locked_until) = if last { (0, lock_until.0) } else { (attempts, row.locked_until) };
    sqlx::query!(
        "UPDATE sign_in_guard SET attempts = $3, locked_until = $4 WHERE audience = $1 AND name_hash = $2",
        this.audience,
        this.name_hash,
        attempts,
        locked_until
    )
    .execute(conn)
    .await?;
    Ok(if last { Outcome::Last } else { Outcome::Counted })
}

/// One try less, unless the name was locked or cleared meanwhile.
pub(in crate::engine::sessions) async fn take_try_back(
    conn: &mut Conn,
    audience: &str,
    name_hash: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE sign_in_guard SET attempts = attempts - 1 WHERE audience = $1 AND name_hash = $2 AND attempts > 0",
        audience,
        name_hash
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// The same for a try that locked the name: as many are counted as before it.
pub(in crate::engine::sessions) async fn take_lock_back(
    conn: &mut Conn,
    audience: &str,
    name_hash: &[u8],
    lock: Timestamp,
    attempts: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE sign_in_guard SET attempts = $4, locked_until = 0
         WHERE audience = $1 AND name_hash = $2 AND locked_until = $3",
        audience,
        name_hash,
        lock.0,
        attempts
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Until when a name is locked; a moment that is over where it is not any more, none where nobody tried.
pub(in crate::engine::sessions) async fn locked_until(
    conn: &mut Conn,
    audience: &str,
    name_hash: &[u8],
) -> Result<Option<Timestamp>, sqlx::Error> {
    let until = sqlx::query_scalar!(
        r#"SELECT locked_until AS "locked_until!: i64" FROM sign_in_guard WHERE audience = $1 AND name_hash = $2"#,
        audience,
        name_hash
    )
    .fetch_optional(conn)
    .await?;
    Ok(until.map(Timestamp))
}

pub(in crate::engine::sessions) async fn clear_tries(
    conn: &mut Conn,
    audience: &str,
    name_hash: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM sign_in_guard WHERE audience = $1 AND name_hash = $2", audience, name_hash)
        .execute(conn)
        .await
        .map(|_| ())
}

pub(in crate::engine::sessions) async fn forget_tries(conn: &mut Conn, before: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM sign_in_guard WHERE last_at < $1 AND locked_until < $1", before.0)
        .execute(conn)
        .await
        .map(|_| ())
}

/// A lock that is not over.
pub(in crate::engine::sessions) struct Lock {
    pub(in crate::engine::sessions) audience: String,
    pub(in crate::engine::sessions) name_hash: Vec<u8>,
    pub(in crate::engine::sessions) until: i64,
}

/// Latest first.
pub(in crate::engine::sessions) async fn locks(conn: &mut Conn, now: Timestamp) -> Result<Vec<Lock>, sqlx::Error> {
    sqlx::query_as!(
        Lock,
        r#"SELECT audience, name_hash, locked_until AS "until!: i64" FROM sign_in_guard
           WHERE locked_until > $1 ORDER BY locked_until DESC, name_hash"#,
        now.0
    )
    .fetch_all(conn)
    .await
}

/// Who could be locked: a user name, and the company of a member.
pub(in crate::engine::sessions) struct Name {
    pub(in crate::engine::sessions) audience: String,
    pub(in crate::engine::sessions) username: String,
    pub(in crate::engine::sessions) company: Option<String>,
}

/// Everybody of an operator who may sign in.
pub(in crate::engine::sessions) async fn names(
    conn: &mut Conn,
    operator: OperatorId,
) -> Result<Vec<Name>, sqlx::Error> {
    sqlx::query_as!(
        Name,
        r#"SELECT 'admin' AS "audience!: String", username AS "username!: String",
                  CAST(NULL AS TEXT) AS "company?: String"
           FROM staff WHERE operator_id = $1 AND active
           UNION ALL
           SELECT 'reseller' AS "audience!: String", m.username AS "username!: String", r.company AS "company?: String"
           FROM member m JOIN reseller r ON r.id = m.reseller_id WHERE m.operator_id = $1 AND m.active"#,
        operator.0
    )
    .fetch_all(conn)
    .await
}
