//! SQL of jobs.

use counterfoil_domain::ids::{JobId, LotId, OperatorId, StaffId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::jobs::CodeJobTrouble;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::NewJob;
use super::record::{JobRecord, job_records};
use crate::dialect::{Conn, Db};
use crate::engine::batch::kept;

/// Whether any operator has a job with this id.
pub(super) async fn taken(conn: &mut Conn, id: JobId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM code_job WHERE id = $1
           UNION ALL SELECT CAST(1 AS BIGINT) FROM portal_job WHERE id = $1"#,
        id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// False when another one goes on the lot.
pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    staff: StaffId,
    new: &NewJob<'_>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (kind, undoes) = (new.kind.as_str(), new.undoes.map(|id| id.0));
    let put = sqlx::query!(
        "INSERT INTO code_job (id, operator_id, lot_id, kind, state, seq_from, seq_to, walked, total, reason, undoes,
           started_at, started_by)
         VALUES ($1, $2, $3, $4, 'running', $5, $6, 0, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        new.id.0,
        operator.0,
        new.lot.0,
        kind,
        new.seq_from,
        new.seq_to,
        new.total,
        new.reason,
        undoes,
        now.0,
        staff.0
    )
    .execute(conn)
    .await?;
    Ok(put.rows_affected() == 1)
}

pub(super) async fn by_id(conn: &mut Conn, operator: OperatorId, id: JobId) -> Result<Option<JobRecord>, sqlx::Error> {
    job_records!("SELECT", "FROM code_job WHERE operator_id = $1 AND id = $2", operator.0, id.0)
        .fetch_optional(conn)
        .await
}

pub(super) async fn of_lot(conn: &mut Conn, lot: LotId, limit: i64) -> Result<Vec<JobRecord>, sqlx::Error> {
    job_records!("SELECT", "FROM code_job WHERE lot_id = $1 ORDER BY started_at DESC, id DESC LIMIT $2", lot.0, limit)
        .fetch_all(conn)
        .await
}

/// Of all lots, the newest first.
pub(super) async fn page(
    conn: &mut Conn,
    operator: OperatorId,
    (at, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<JobRecord>, sqlx::Error> {
    job_records!(
        "SELECT",
        "FROM code_job WHERE operator_id = $1 AND (started_at, id) < ($2, $3)
         ORDER BY started_at DESC, id DESC LIMIT $4",
        operator.0,
        at,
        id,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn latest(conn: &mut Conn, lots: &[Uuid]) -> Result<Vec<JobRecord>, sqlx::Error> {
    if lots.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = QueryBuilder::<Db>::new(
        "SELECT j.id, j.operator_id, j.lot_id, COALESCE(stock.number, o.number) AS lot_number, o.unit, j.kind, j.state,
           j.seq_from, j.seq_to, j.walked, j.done, j.total, j.changed, j.refused, j.amount, j.reason, j.trouble_code,
           j.trouble_detail, j.undoes, j.undone_by, j.started_at, j.started_by, staff.username AS started_by_name, j.ended_at
         FROM code_job j JOIN lot_order o ON o.lot_id = j.lot_id LEFT JOIN lot_order stock ON stock.lot_id = o.stock_id
           LEFT JOIN staff ON staff.id = j.started_by
         WHERE NOT EXISTS (SELECT 1 FROM code_job later
             WHERE later.lot_id = j.lot_id AND (later.started_at, later.id) > (j.started_at, j.id))
           AND j.lot_id IN (",
    );
    let mut list = sql.separated(", ");
    for lot in lots {
        list.push_bind(*lot);
    }
    sql.push(")");
    sql.build_query_as().persistent(kept(lots)).fetch_all(conn).await
}

pub(super) async fn another_goes(conn: &mut Conn, lot: LotId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM code_job WHERE lot_id = $1 AND state = 'running' LIMIT 1"#,
        lot.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

pub(super) async fn cancel(conn: &mut Conn, id: JobId, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE code_job SET state = 'cancelled', ended_at = $2, claim = NULL, claimed_until = 0
         WHERE id = $1 AND state = 'running'",
        id.0,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn resume(conn: &mut Conn, id: JobId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE code_job SET state = 'running', ended_at = NULL, claim = NULL, claimed_until = 0, trouble_code = NULL,
                trouble_detail = NULL
         WHERE id = $1 AND state IN ('failed', 'cancelled') AND undone_by IS NULL",
        id.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Running jobs that nobody is at.
pub(super) async fn waiting(conn: &mut Conn, now: Timestamp) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id!: Uuid" FROM code_job WHERE state = 'running' AND claimed_until <= $1 ORDER BY started_at"#,
        now.0
    )
    .fetch_all(conn)
    .await
}

/// None when somebody else was first.
pub(super) async fn claim(
    conn: &mut Conn,
    id: Uuid,
    claim: Uuid,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<JobRecord>, sqlx::Error> {
    job_records!(
        "UPDATE code_job SET claim = $2, claimed_until = $4
         WHERE id = $1 AND state = 'running' AND claimed_until <= $3 RETURNING",
        "",
        id,
        claim,
        now.0,
        until.0
    )
    .fetch_optional(conn)
    .await
}

/// Keeps hold of a job and reads how far it is; none when it was cancelled or somebody else has it.
pub(super) async fn hold(
    conn: &mut Conn,
    id: JobId,
    claim: Uuid,
    until: Timestamp,
) -> Result<Option<JobRecord>, sqlx::Error> {
    job_records!(
        "UPDATE code_job SET claimed_until = $3 WHERE id = $1 AND claim = $2 AND state = 'running' RETURNING",
        "",
        id.0,
        claim,
        until.0
    )
    .fetch_optional(conn)
    .await
}

/// What a part did.
pub(super) struct Progress {
    pub(super) walked: i64,
    pub(super) done: i64,
    pub(super) changed: i64,
    pub(super) refused: i64,
    pub(super) amount: i64,
}

pub(super) async fn progress(conn: &mut Conn, id: JobId, part: &Progress) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE code_job SET walked = $2, done = done + $3, changed = changed + $4, refused = refused + $5,
                amount = amount + $6
         WHERE id = $1",
        id.0,
        part.walked,
        part.done,
        part.changed,
        part.refused,
        part.amount
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn finish(conn: &mut Conn, id: JobId, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE code_job SET state = 'done', ended_at = $2, claim = NULL, claimed_until = 0 WHERE id = $1",
        id.0,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn fail(
    conn: &mut Conn,
    id: JobId,
    trouble: &CodeJobTrouble,
    code: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE code_job SET state = 'failed', ended_at = $2, claim = NULL, claimed_until = 0, trouble_code = $3,
                trouble_detail = $4
         WHERE id = $1",
        id.0,
        now.0,
        code,
        trouble.detail
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn set_undone(conn: &mut Conn, job: JobId, by: JobId) -> Result<bool, sqlx::Error> {
    let set = sqlx::query!("UPDATE code_job SET undone_by = $2 WHERE id = $1 AND undone_by IS NULL", job.0, by.0)
        .execute(conn)
        .await?;
    Ok(set.rows_affected() == 1)
}
