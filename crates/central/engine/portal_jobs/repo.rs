//! SQL of jobs.

use counterfoil_domain::ids::{JobId, OperatorId, PortalId, StaffId};
use counterfoil_domain::portal::{JobPhase, JobState};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::portals::PortalTrouble;
use uuid::Uuid;

use super::record::{JobRecord, job_records};
use super::{Asked, NewJob};
use crate::dialect::Conn;

/// Whose a job is.
pub(super) struct Kept {
    pub(super) operator_id: Uuid,
    pub(super) portal_id: Uuid,
    pub(super) kind: String,
}

pub(super) async fn kept(conn: &mut Conn, id: JobId) -> Result<Option<Kept>, sqlx::Error> {
    sqlx::query_as!(
        Kept,
        r#"SELECT operator_id AS "operator_id!: Uuid", portal_id AS "portal_id!: Uuid", kind AS "kind!: String"
           FROM portal_job WHERE id = $1"#,
        id.0
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn by_id(conn: &mut Conn, operator: OperatorId, id: JobId) -> Result<Option<JobRecord>, sqlx::Error> {
    job_records!("SELECT", "FROM portal_job WHERE operator_id = $1 AND id = $2", operator.0, id.0)
        .fetch_optional(conn)
        .await
}

pub(super) async fn list(
    conn: &mut Conn,
    portal: PortalId,
    before: (i64, Uuid),
    limit: i64,
) -> Result<Vec<JobRecord>, sqlx::Error> {
    let more = limit + 1;
    job_records!(
        "SELECT",
        "FROM portal_job WHERE portal_id = $1 AND (started_at, id) < ($2, $3)
         ORDER BY started_at DESC, id DESC LIMIT $4",
        portal.0,
        before.0,
        before.1,
        more
    )
    .fetch_all(conn)
    .await
}

/// False when another one goes on the portal.
pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    staff: Option<StaffId>,
    new: &NewJob,
    phase: JobPhase,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (kind, state, phase) = (new.kind.as_str(), JobState::Running.as_str(), phase.as_str());
    let staff = staff.map(|staff| staff.0);
    let (undoes, total) = (new.undoes.map(|id| id.0), new.total.and_then(|total| i64::try_from(total).ok()));
    let put = sqlx::query!(
        "INSERT INTO portal_job (id, operator_id, portal_id, kind, state, phase, undoes, total, started_at, started_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        new.id.0,
        operator.0,
        new.portal.0,
        kind,
        state,
        phase,
        undoes,
        total,
        now.0,
        staff
    )
    .execute(conn)
    .await?;
    Ok(put.rows_affected() == 1)
}

pub(super) async fn another_goes(conn: &mut Conn, portal: PortalId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM portal_job
           WHERE portal_id = $1 AND state IN ('running', 'asking') LIMIT 1"#,
        portal.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

pub(super) async fn cancel(conn: &mut Conn, id: JobId, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE portal_job SET state = 'cancelled', ended_at = $2, claim = NULL, claimed_until = 0
         WHERE id = $1 AND state IN ('running', 'asking')",
        id.0,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn confirm(conn: &mut Conn, id: JobId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE portal_job SET state = 'running', confirmed = TRUE, claim = NULL, claimed_until = 0
         WHERE id = $1 AND state = 'asking'",
        id.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn resume(conn: &mut Conn, id: JobId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE portal_job SET state = 'running', ended_at = NULL, claim = NULL, claimed_until = 0,
                trouble_code = NULL, trouble_detail = NULL, trouble_remedy = NULL
         WHERE id = $1 AND state IN ('failed', 'cancelled')",
        id.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Running jobs that nobody is at.
pub(super) async fn waiting(conn: &mut Conn, now: Timestamp) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id!: Uuid" FROM portal_job WHERE state = 'running' AND claimed_until <= $1 ORDER BY started_at"#,
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
        "UPDATE portal_job SET claim = $2, claimed_until = $4
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

/// Keeps hold of a job; false when it was cancelled or somebody else has it.
pub(super) async fn hold(conn: &mut Conn, id: JobId, claim: Uuid, until: Timestamp) -> Result<bool, sqlx::Error> {
    let held = sqlx::query!(
        "UPDATE portal_job SET claimed_until = $3 WHERE id = $1 AND claim = $2 AND state = 'running'",
        id.0,
        claim,
        until.0
    )
    .execute(conn)
    .await?;
    Ok(held.rows_affected() == 1)
}

/// The same without a write.
pub(super) async fn is_held(conn: &mut Conn, id: JobId, claim: Uuid) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM portal_job WHERE id = $1 AND claim = $2 AND state = 'running'"#,
        id.0,
        claim
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Begins a phase; its progress counts from none.
pub(super) async fn enter(conn: &mut Conn, id: JobId, phase: JobPhase, total: Option<i64>) -> Result<(), sqlx::Error> {
    let phase = phase.as_str();
    sqlx::query!("UPDATE portal_job SET phase = $2, done = 0, total = $3 WHERE id = $1", id.0, phase, total)
        .execute(conn)
        .await
        .map(|_| ())
}

/// Adds to what was done.
pub(super) async fn progress(
    conn: &mut Conn,
    id: JobId,
    done: i64,
    changed: i64,
    refused: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE portal_job SET done = done + $2, changed = changed + $3, refused = refused + $4 WHERE id = $1",
        id.0,
        done,
        changed,
        refused
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// How many accounts disagree, said anew.
pub(super) async fn set_changed(conn: &mut Conn, id: JobId, changed: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE portal_job SET changed = $2 WHERE id = $1", id.0, changed).execute(conn).await.map(|_| ())
}

pub(super) async fn walk_to(conn: &mut Conn, id: JobId, account: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE portal_job SET walked = $2 WHERE id = $1", id.0, account).execute(conn).await.map(|_| ())
}

pub(super) async fn ask(conn: &mut Conn, id: JobId, asked: Asked) -> Result<(), sqlx::Error> {
    let about = asked.about.as_str();
    let (accounts, of) =
        (i64::try_from(asked.accounts).unwrap_or(i64::MAX), i64::try_from(asked.of).unwrap_or(i64::MAX));
    sqlx::query!(
        "UPDATE portal_job SET state = 'asking', question = $2, question_accounts = $3, question_of = $4, claim = NULL,
                claimed_until = 0
         WHERE id = $1",
        id.0,
        about,
        accounts,
        of
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn finish(conn: &mut Conn, id: JobId, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE portal_job SET state = 'done', ended_at = $2, claim = NULL, claimed_until = 0 WHERE id = $1",
        id.0,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn fail(conn: &mut Conn, id: JobId, trouble: &PortalTrouble) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE portal_job SET state = 'failed', ended_at = $2, claim = NULL, claimed_until = 0, trouble_code = $3,
                trouble_detail = $4, trouble_remedy = $5
         WHERE id = $1",
        id.0,
        trouble.since.0,
        trouble.code,
        trouble.detail,
        trouble.remedy
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn set_undone(conn: &mut Conn, job: JobId, by: JobId) -> Result<bool, sqlx::Error> {
    let set = sqlx::query!("UPDATE portal_job SET undone_by = $2 WHERE id = $1 AND undone_by IS NULL", job.0, by.0)
        .execute(conn)
        .await?;
    Ok(set.rows_affected() == 1)
}

/// A portal that Central is to look at by itself.
pub(super) struct DuePortal {
    pub(super) id: Uuid,
    pub(super) operator_id: Uuid,
    pub(super) timer_at: i64,
}

/// Those whose last look for changes, by whomever, began so long ago. Where a job goes or asks, none is begun.
pub(super) async fn due_portals(conn: &mut Conn, now: Timestamp) -> Result<Vec<DuePortal>, sqlx::Error> {
    sqlx::query_as!(
        DuePortal,
        r#"SELECT p.id AS "id!: Uuid", p.operator_id AS "operator_id!: Uuid", p.timer_at AS "timer_at!: i64"
           FROM portal p
           WHERE p.status = 'active' AND p.findings IS NOT NULL AND p.rests_until <= $1 AND p.look_every_hours > 0
             AND p.created_at + p.look_every_hours * 3600000 <= $1
             AND NOT EXISTS (SELECT 1 FROM portal_job j WHERE j.portal_id = p.id AND (j.state IN ('running', 'asking')
               OR (j.kind IN ('sync_changes', 'sync_everything') AND j.started_at + p.look_every_hours * 3600000 > $1)))
           ORDER BY p.id"#,
        now.0
    )
    .fetch_all(conn)
    .await
}

/// Notes that the timer began a look; false when it did since `seen`, or when the portal is to be left alone by now.
pub(super) async fn note_timer(
    conn: &mut Conn,
    portal: PortalId,
    seen: i64,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let noted = sqlx::query!(
        "UPDATE portal SET timer_at = $3
         WHERE id = $1 AND timer_at = $2 AND status = 'active' AND findings IS NOT NULL AND look_every_hours > 0",
        portal.0,
        seen,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(noted.rows_affected() == 1)
}

/// When a look for changes, or at everything, began last.
pub(super) async fn last_look(conn: &mut Conn, portal: PortalId) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT MAX(started_at) AS "started_at?: i64" FROM portal_job
           WHERE portal_id = $1 AND kind IN ('sync_changes', 'sync_everything')"#,
        portal.0
    )
    .fetch_one(conn)
    .await
}
