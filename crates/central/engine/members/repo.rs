//! SQL of members.

use counterfoil_domain::ids::{MemberId, OperatorId, ResellerId};
use counterfoil_domain::permission::MemberRole;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::NewMember;
use crate::dialect::Conn;
use crate::engine::search::contains;

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) revision: i64,
    pub(super) username: String,
    pub(super) role: String,
    pub(super) active: bool,
    pub(super) reseller_username: String,
    pub(super) created_at: i64,
    pub(super) last_login_at: Option<i64>,
    pub(super) must_change: bool,
    /// How many are on: one at most.
    pub(super) second_factor: i64,
}

pub(super) async fn list(
    conn: &mut Conn,
    reseller: ResellerId,
    search: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let (pattern, more) = (contains(search), limit + 1);
    sqlx::query_as!(
        Row,
        r#"SELECT m.id AS "id!: Uuid", m.revision, m.username, m.role, m.active AS "active!: bool",
                  r.username AS reseller_username, m.created_at, m.last_login_at,
                  m.must_change AS "must_change!: bool",
                  (SELECT COUNT(*) FROM second_factor f WHERE f.user_id = m.id AND f.confirmed_at IS NOT NULL)
                    AS "second_factor!: i64"
           FROM member m JOIN reseller r ON r.id = m.reseller_id
           WHERE m.reseller_id = $1 AND m.username > $2 AND m.username LIKE $3 ESCAPE '\'
           ORDER BY m.username LIMIT $4"#,
        reseller.0,
        after,
        pattern,
        more
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn by_id(conn: &mut Conn, reseller: ResellerId, id: MemberId) -> Result<Option<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"SELECT m.id AS "id!: Uuid", m.revision, m.username, m.role, m.active AS "active!: bool",
                  r.username AS reseller_username, m.created_at, m.last_login_at,
                  m.must_change AS "must_change!: bool",
                  (SELECT COUNT(*) FROM second_factor f WHERE f.user_id = m.id AND f.confirmed_at IS NOT NULL)
                    AS "second_factor!: i64"
           FROM member m JOIN reseller r ON r.id = m.reseller_id
           WHERE m.reseller_id = $1 AND m.id = $2"#,
        reseller.0,
        id.0
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn exists(conn: &mut Conn, id: MemberId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM member WHERE id = $1"#, id.0)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

pub(super) async fn is_member(conn: &mut Conn, reseller: ResellerId, username: &str) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM member WHERE reseller_id = $1 AND username = $2"#,
        reseller.0,
        username
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    new: &NewMember<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let role = new.role.as_str();
    sqlx::query!(
        "INSERT INTO member (id, operator_id, reseller_id, username, password_hash, role, must_change, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        new.id.0,
        operator.0,
        new.reseller.0,
        new.username,
        new.hash,
        role,
        new.must_change,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Only the version that was read; the password stays unless there is a new one, which its user has to change.
pub(super) async fn update(
    conn: &mut Conn,
    id: MemberId,
    version: u32,
    role: MemberRole,
    active: bool,
    hash: Option<&str>,
) -> Result<bool, sqlx::Error> {
    let (role, version) = (role.as_str(), i64::from(version));
    let updated = sqlx::query!(
        "UPDATE member SET role = $3, active = $4, password_hash = COALESCE($5, password_hash),
           must_change = (must_change OR CAST($5 AS TEXT) IS NOT NULL), revision = revision + 1
         WHERE id = $1 AND revision = $2",
        id.0,
        version,
        role,
        active,
        hash
    )
    .execute(conn)
    .await?;
    Ok(updated.rows_affected() == 1)
}
