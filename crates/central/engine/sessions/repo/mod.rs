//! SQL of sessions.

pub(super) mod tries;

use counterfoil_domain::ids::{OperatorId, SessionId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::sessions::{Audience, SessionView};
use uuid::Uuid;

use super::{Identity, Who, audience_name};
use crate::dialect::Conn;
use crate::engine::work::Work;

pub(super) const ACCESS: &str = "access";
pub(super) const REFRESH: &str = "refresh";

/// One of the staff, as the row stands.
pub(super) struct StaffUser {
    pub(super) id: Uuid,
    pub(super) operator: OperatorId,
    pub(super) username: String,
    pub(super) password_hash: String,
    pub(super) role: String,
    pub(super) must_change: bool,
}

/// A member, as the row stands, with what its reseller is.
pub(super) struct MemberUser {
    pub(super) id: Uuid,
    pub(super) operator: OperatorId,
    pub(super) username: String,
    pub(super) password_hash: String,
    pub(super) role: String,
    pub(super) reseller: Uuid,
    pub(super) company: String,
    pub(super) path: String,
    pub(super) status: String,
    pub(super) must_change: bool,
}

/// Who may sign in, and fits.
macro_rules! staff_user {
    ($which:literal, $value:expr) => {
        sqlx::query_as!(
            StaffUser,
            r#"SELECT id AS "id!: Uuid", operator_id AS "operator!: Uuid", username, password_hash, role,
                      must_change AS "must_change!: bool"
               FROM staff WHERE active AND "#
                + $which,
            $value
        )
    };
}

/// Who may sign in, and fits.
macro_rules! member_user {
    ($which:literal, $value:expr) => {
        sqlx::query_as!(
            MemberUser,
            r#"SELECT m.id AS "id!: Uuid", m.operator_id AS "operator!: Uuid", m.username, m.password_hash, m.role,
                      m.reseller_id AS "reseller!: Uuid", r.company, r.path, r.status,
                      m.must_change AS "must_change!: bool"
               FROM member m JOIN reseller r ON r.id = m.reseller_id WHERE m.active AND "#
                + $which,
            $value
        )
    };
}

pub(super) async fn staff_by_username(conn: &mut Conn, username: &str) -> Result<Option<StaffUser>, sqlx::Error> {
    staff_user!("username = $1", username).fetch_optional(conn).await
}

pub(super) async fn staff_by_id(conn: &mut Conn, id: Uuid) -> Result<Option<StaffUser>, sqlx::Error> {
    staff_user!("id = $1", id).fetch_optional(conn).await
}

pub(super) async fn member_by_username(conn: &mut Conn, username: &str) -> Result<Option<MemberUser>, sqlx::Error> {
    member_user!("m.username = $1", username).fetch_optional(conn).await
}

pub(super) async fn member_by_id(conn: &mut Conn, id: Uuid) -> Result<Option<MemberUser>, sqlx::Error> {
    member_user!("m.id = $1", id).fetch_optional(conn).await
}

pub(super) async fn session_of_token(
    conn: &mut Conn,
    hash: &[u8],
    now: Timestamp,
) -> Result<Option<SessionId>, sqlx::Error> {
    let session = sqlx::query_scalar!(
        r#"SELECT session_id AS "id!: Uuid" FROM session_token
           WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3"#,
        hash,
        ACCESS,
        now.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(session.map(SessionId))
}

pub(super) struct OpenSession {
    pub(super) audience: String,
    pub(super) user: Uuid,
}

pub(super) async fn open_session(conn: &mut Conn, id: SessionId) -> Result<Option<OpenSession>, sqlx::Error> {
    sqlx::query_as!(
        OpenSession,
        r#"SELECT audience, user_id AS "user!: Uuid"
           FROM session WHERE id = $1 AND ended_at IS NULL"#,
        id.0
    )
    .fetch_optional(conn)
    .await
}

/// False where the password is not this one any more, or its user may not sign in any more: then nothing is opened. The
/// user's row stays locked, so whoever changes it meanwhile finds this session and ends it.
pub(super) async fn open(
    work: &mut Work,
    id: SessionId,
    identity: &Identity,
    password_hash: &str,
    address: &str,
) -> Result<bool, sqlx::Error> {
    let (operator, now) = (work.operator(), work.now());
    let (audience, user) = (audience_name(identity.audience()), identity.user());
    if !signs_in(work, identity, password_hash).await? {
        return Ok(false);
    }
    sqlx::query!(
        "INSERT INTO session (id, operator_id, audience, user_id, address, started_at, last_used_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6)",
        id.0,
        operator.0,
        audience,
        user,
        address,
        now.0
    )
    .execute(work.conn())
    .await?;
    Ok(true)
}

/// Notes the sign-in, unless the user is another one by now.
async fn signs_in(work: &mut Work, identity: &Identity, password_hash: &str) -> Result<bool, sqlx::Error> {
    let now = work.now();
    let noted = match &identity.who {
        Who::Staff { id, .. } => {
            sqlx::query!(
                "UPDATE staff SET last_login_at = $2 WHERE id = $1 AND password_hash = $3 AND active",
                id.0,
                now.0,
                password_hash
            )
            .execute(work.conn())
            .await?
        }
        Who::Member { id, reseller, .. } => {
            let noted = sqlx::query!(
                "UPDATE member SET last_login_at = $2 WHERE id = $1 AND password_hash = $3 AND active",
                id.0,
                now.0,
                password_hash
            )
            .execute(work.conn())
            .await?;
            sqlx::query!("UPDATE reseller SET last_login_at = $2 WHERE id = $1", reseller.0, now.0)
                .execute(work.conn())
                .await?;
            noted
        }
    };
    Ok(noted.rows_affected() == 1)
}

pub(super) async fn insert_token(
    conn: &mut Conn,
    hash: &[u8],
    session: SessionId,
    purpose: &str,
    expires: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO session_token (token_hash, session_id, purpose, expires_at) VALUES ($1, $2, $3, $4)",
        hash,
        session.0,
        purpose,
        expires.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) struct RefreshToken {
    pub(super) session: SessionId,
    pub(super) operator: OperatorId,
    pub(super) user: Uuid,
}

pub(super) async fn refresh_token(conn: &mut Conn, hash: &[u8]) -> Result<Option<RefreshToken>, sqlx::Error> {
    sqlx::query_as!(
        RefreshToken,
        r#"SELECT s.id AS "session!: Uuid", s.operator_id AS "operator!: Uuid", s.user_id AS "user!: Uuid"
           FROM session_token t JOIN session s ON s.id = t.session_id
           WHERE t.token_hash = $1 AND t.purpose = $2"#,
        hash,
        REFRESH
    )
    .fetch_optional(conn)
    .await
}

/// Marks the token used, unless it is expired or its session ended, and says when that first happened. The row stays
/// locked, so that two uses at once are told apart.
pub(super) async fn use_refresh_token(
    conn: &mut Conn,
    hash: &[u8],
    now: Timestamp,
) -> Result<Option<Timestamp>, sqlx::Error> {
    let first = sqlx::query_scalar!(
        r#"UPDATE session_token SET replaced_at = COALESCE(replaced_at, $2)
           WHERE token_hash = $1 AND expires_at > $2
             AND EXISTS (SELECT 1 FROM session s WHERE s.id = session_token.session_id AND s.ended_at IS NULL)
           RETURNING replaced_at AS "at!: i64""#,
        hash,
        now.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(first.map(Timestamp))
}

pub(super) async fn forget_expired(conn: &mut Conn, session: SessionId, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM session_token WHERE session_id = $1 AND expires_at <= $2", session.0, now.0)
        .execute(conn)
        .await
        .map(|_| ())
}

pub(super) async fn used(conn: &mut Conn, id: SessionId, now: Timestamp, address: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE session SET last_used_at = $2, address = $3 WHERE id = $1", id.0, now.0, address)
        .execute(conn)
        .await
        .map(|_| ())
}

pub(super) async fn end(conn: &mut Conn, id: SessionId, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", id.0, now.0)
        .execute(conn)
        .await
        .map(|_| ())
}

pub(super) async fn end_own(
    conn: &mut Conn,
    id: SessionId,
    identity: &Identity,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (user, audience) = (identity.user(), audience_name(identity.audience()));
    let ended = sqlx::query!(
        "UPDATE session SET ended_at = $4 WHERE id = $1 AND user_id = $2 AND audience = $3 AND ended_at IS NULL",
        id.0,
        user,
        audience,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// Ends the sessions of a user but one; the nil id ends all.
pub(super) async fn end_all_but(
    conn: &mut Conn,
    audience: Audience,
    user: Uuid,
    kept: SessionId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let audience = audience_name(audience);
    sqlx::query!(
        "UPDATE session SET ended_at = $4 WHERE user_id = $1 AND audience = $2 AND id <> $3 AND ended_at IS NULL",
        user,
        audience,
        kept.0,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// The user's own choice in place of the password that was known; false where it is another one by now.
pub(super) async fn set_password(
    conn: &mut Conn,
    identity: &Identity,
    known: &str,
    hash: &str,
) -> Result<bool, sqlx::Error> {
    let user = identity.user();
    let changed = match &identity.who {
        Who::Staff { .. } => {
            sqlx::query!(
                "UPDATE staff SET password_hash = $3, must_change = FALSE, revision = revision + 1
                 WHERE id = $1 AND password_hash = $2 AND active",
                user,
                known,
                hash
            )
            .execute(conn)
            .await?
        }
        Who::Member { .. } => {
            sqlx::query!(
                "UPDATE member SET password_hash = $3, must_change = FALSE, revision = revision + 1
                 WHERE id = $1 AND password_hash = $2 AND active",
                user,
                known,
                hash
            )
            .execute(conn)
            .await?
        }
    };
    Ok(changed.rows_affected() == 1)
}

pub(super) async fn list(
    conn: &mut Conn,
    identity: &Identity,
    since: Timestamp,
) -> Result<Vec<SessionView>, sqlx::Error> {
    let (user, audience) = (identity.user(), audience_name(identity.audience()));
    let rows = sqlx::query!(
        r#"SELECT id AS "id!: Uuid", started_at, last_used_at, address FROM session
           WHERE user_id = $1 AND audience = $2 AND ended_at IS NULL AND last_used_at > $3
           ORDER BY last_used_at DESC, id LIMIT 100"#,
        user,
        audience,
        since.0
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| SessionView {
            session_id: SessionId(row.id),
            started_at: Timestamp(row.started_at),
            last_used_at: Timestamp(row.last_used_at),
            address: row.address,
            current: SessionId(row.id) == identity.session,
        })
        .collect())
}
