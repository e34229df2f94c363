//! SQL of codes.

use counterfoil_domain::ids::OperatorId;
use uuid::Uuid;

use super::record::{CodeRecord, code_records};
use crate::dialect::Conn;

/// Takes the row's lock; what is read is what stands until the commit.
pub(super) async fn lock(conn: &mut Conn, operator: OperatorId, id: Uuid) -> Result<Option<CodeRecord>, sqlx::Error> {
    code_records!("UPDATE code SET state = state WHERE id = $1 AND operator_id = $2 RETURNING", "", id, operator.0)
        .fetch_optional(conn)
        .await
}

pub(super) async fn find(conn: &mut Conn, operator: OperatorId, id: Uuid) -> Result<Option<CodeRecord>, sqlx::Error> {
    code_records!("SELECT", "FROM code WHERE id = $1 AND operator_id = $2", id, operator.0).fetch_optional(conn).await
}

/// Moves a code from the state it was read in; false when it has left it.
pub(super) async fn put_state(
    conn: &mut Conn,
    id: Uuid,
    from: &str,
    to: &str,
    ended_at: Option<i64>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE code SET state = $3, held_reason = NULL, ended_at = $4 WHERE id = $1 AND state = $2",
        id,
        from,
        to,
        ended_at
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// An unused code whose redeem-by has passed.
pub(super) struct Due {
    pub(super) operator_id: Uuid,
    pub(super) source_id: Uuid,
    pub(super) id: Uuid,
}

pub(super) async fn to_expire(conn: &mut Conn, now: i64, limit: i64) -> Result<Vec<Due>, sqlx::Error> {
    sqlx::query_as!(
        Due,
        r#"SELECT operator_id AS "operator_id!: Uuid", source_id AS "source_id!: Uuid", id AS "id!: Uuid" FROM code
           WHERE redeem_by <= $1 AND state IN ('sold', 'held') ORDER BY redeem_by LIMIT $2"#,
        now,
        limit
    )
    .fetch_all(conn)
    .await
}
