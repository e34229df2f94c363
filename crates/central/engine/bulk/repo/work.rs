//! Whose turn it is with a bulk operation, and how it ends.

use counterfoil_domain::bulk::BulkState;
use counterfoil_domain::ids::BulkId;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;
use crate::engine::bulk::record::{BulkRecord, bulk_records};

/// Those that go on and that nobody is at.
pub(in crate::engine::bulk) async fn waiting(conn: &mut Conn, now: Timestamp) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id!: Uuid" FROM account_bulk
           WHERE state IN ('planning', 'running', 'undoing') AND claimed_until <= $1 ORDER BY ordered_at"#,
        now.0
    )
    .fetch_all(conn)
    .await
}

/// None when somebody else was first.
pub(in crate::engine::bulk) async fn claim(
    conn: &mut Conn,
    id: Uuid,
    claim: Uuid,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<BulkRecord>, sqlx::Error> {
    bulk_records!(
        "UPDATE account_bulk SET claim = $2, claimed_until = $4
         WHERE id = $1 AND state IN ('planning', 'running', 'undoing') AND claimed_until <= $3 RETURNING",
        "",
        id,
        claim,
        now.0,
        until.0
    )
    .fetch_optional(conn)
    .await
}

/// Keeps hold of one and reads how far it is; none when it was cancelled or somebody else has it.
pub(in crate::engine::bulk) async fn hold(
    conn: &mut Conn,
    id: BulkId,
    claim: Uuid,
    until: Timestamp,
) -> Result<Option<BulkRecord>, sqlx::Error> {
    bulk_records!(
        "UPDATE account_bulk SET claimed_until = $3
         WHERE id = $1 AND claim = $2 AND state IN ('planning', 'running', 'undoing') RETURNING",
        "",
        id.0,
        claim,
        until.0
    )
    .fetch_optional(conn)
    .await
}

pub(in crate::engine::bulk) async fn finish(
    conn: &mut Conn,
    id: BulkId,
    state: BulkState,
    now: Option<Timestamp>,
) -> Result<(), sqlx::Error> {
    let (state, ended) = (state.as_str(), now.map(|now| now.0));
    sqlx::query!(
        "UPDATE account_bulk SET state = $2, ended_at = $3, claim = NULL, claimed_until = 0 WHERE id = $1",
        id.0,
        state,
        ended
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(in crate::engine::bulk) async fn fail(
    conn: &mut Conn,
    id: BulkId,
    code: &str,
    detail: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE account_bulk SET state = 'failed', ended_at = $2, claim = NULL, claimed_until = 0, trouble_code = $3,
           trouble_detail = $4
         WHERE id = $1",
        id.0,
        now.0,
        code,
        detail
    )
    .execute(conn)
    .await
    .map(|_| ())
}
