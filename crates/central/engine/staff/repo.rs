//! SQL of the staff.

use counterfoil_domain::ids::{OperatorId, StaffId};
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;
use crate::engine::search::contains;

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) revision: i64,
    pub(super) username: String,
    pub(super) full_name: String,
    pub(super) email: String,
    pub(super) role: String,
    pub(super) active: bool,
    pub(super) must_change: bool,
    pub(super) created_at: i64,
    pub(super) last_login_at: Option<i64>,
}

pub(super) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    search: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let (pattern, more) = (contains(search), limit + 1);
    sqlx::query_as!(
        Row,
        r#"SELECT id AS "id!: Uuid", revision, username, full_name, email, role, active AS "active!: bool",
                  must_change AS "must_change!: bool", created_at, last_login_at
           FROM staff WHERE operator_id = $1 AND username > $2 AND username LIKE $3 ESCAPE '\'
           ORDER BY username LIMIT $4"#,
        operator.0,
        after,
        pattern,
        more
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn by_id(conn: &mut Conn, operator: OperatorId, id: StaffId) -> Result<Option<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"SELECT id AS "id!: Uuid", revision, username, full_name, email, role, active AS "active!: bool",
                  must_change AS "must_change!: bool", created_at, last_login_at
           FROM staff WHERE operator_id = $1 AND id = $2"#,
        operator.0,
        id.0
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn exists(conn: &mut Conn, username: &str) -> Result<bool, sqlx::Error> {
    let found =
        sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM staff WHERE username = $1"#, username)
            .fetch_optional(conn)
            .await?;
    Ok(found.is_some())
}

/// By whichever operator.
pub(super) async fn id_is_used(conn: &mut Conn, id: StaffId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM staff WHERE id = $1"#, id.0)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

pub(super) struct New<'a> {
    pub(super) id: StaffId,
    pub(super) operator: OperatorId,
    pub(super) username: &'a str,
    pub(super) full_name: &'a str,
    pub(super) email: &'a str,
    pub(super) hash: &'a str,
    pub(super) role: StaffRole,
    pub(super) must_change: bool,
}

pub(super) async fn insert(conn: &mut Conn, new: &New<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    let role = new.role.as_str();
    sqlx::query!(
        "INSERT INTO staff (id, operator_id, username, full_name, email, password_hash, role, must_change, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id.0,
        new.operator.0,
        new.username,
        new.full_name,
        new.email,
        new.hash,
        role,
        new.must_change,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Takes the operator's row, so that changes to the staff follow one another.
pub(super) async fn lock(conn: &mut Conn, operator: OperatorId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE operator SET name = name WHERE id = $1", operator.0).execute(conn).await.map(|_| ())
}

/// Super admins who may sign in, without this one.
pub(super) async fn other_super_admins(
    conn: &mut Conn,
    operator: OperatorId,
    without: StaffId,
) -> Result<i64, sqlx::Error> {
    let role = StaffRole::SuperAdmin.as_str();
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM staff
           WHERE operator_id = $1 AND id <> $2 AND role = $3 AND active"#,
        operator.0,
        without.0,
        role
    )
    .fetch_one(conn)
    .await
}

pub(super) struct Edit<'a> {
    pub(super) id: StaffId,
    pub(super) version: u32,
    pub(super) full_name: &'a str,
    pub(super) email: &'a str,
    pub(super) role: StaffRole,
}

/// Only the version that was read.
pub(super) async fn update(conn: &mut Conn, edit: &Edit<'_>) -> Result<bool, sqlx::Error> {
    let (role, version) = (edit.role.as_str(), i64::from(edit.version));
    let updated = sqlx::query!(
        "UPDATE staff SET full_name = $3, email = $4, role = $5, revision = revision + 1
         WHERE id = $1 AND revision = $2",
        edit.id.0,
        version,
        edit.full_name,
        edit.email,
        role
    )
    .execute(conn)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Only the version that was read.
pub(super) async fn set_active(conn: &mut Conn, id: StaffId, version: u32, active: bool) -> Result<bool, sqlx::Error> {
    let version = i64::from(version);
    let updated = sqlx::query!(
        "UPDATE staff SET active = $3, revision = revision + 1 WHERE id = $1 AND revision = $2",
        id.0,
        version,
        active
    )
    .execute(conn)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Only the version that was read. Whose it is has to change it.
pub(super) async fn set_password(conn: &mut Conn, id: StaffId, version: u32, hash: &str) -> Result<bool, sqlx::Error> {
    let version = i64::from(version);
    let updated = sqlx::query!(
        "UPDATE staff SET password_hash = $3, must_change = TRUE, revision = revision + 1
         WHERE id = $1 AND revision = $2",
        id.0,
        version,
        hash
    )
    .execute(conn)
    .await?;
    Ok(updated.rows_affected() == 1)
}
