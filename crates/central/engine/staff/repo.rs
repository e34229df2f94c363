//! SQL of the staff.

use counterfoil_domain::ids::{OperatorId, StaffId};
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::time::Timestamp;

use crate::dialect::Conn;

pub(super) async fn exists(conn: &mut Conn, username: &str) -> Result<bool, sqlx::Error> {
    let found =
        sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM staff WHERE username = $1"#, username)
            .fetch_optional(conn)
            .await?;
    Ok(found.is_some())
}

pub(super) struct New<'a> {
    pub(super) id: StaffId,
    pub(super) operator: OperatorId,
    pub(super) username: &'a str,
    pub(super) hash: &'a str,
    pub(super) role: StaffRole,
    pub(super) now: Timestamp,
}

pub(super) async fn insert(conn: &mut Conn, new: &New<'_>) -> Result<(), sqlx::Error> {
    let role = new.role.as_str();
    sqlx::query!(
        "INSERT INTO staff (id, operator_id, username, password_hash, role, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        new.id.0,
        new.operator.0,
        new.username,
        new.hash,
        role,
        new.now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}
