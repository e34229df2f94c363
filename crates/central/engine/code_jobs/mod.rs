//! Work with many codes of a lot: making them, allocating, holding, releasing, voiding, revoking. It is kept in the
//! database and goes on whoever watches; of several processes one is at it ([`worker`]), and one that dies leaves it to
//! another. On a lot one job goes at a time. The pattern is that of `portal_jobs`; what a job needs of a portal is not in
//! the way here.

mod record;
mod repo;
mod worker;

use std::collections::HashMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{JobId, LotId, OperatorId, StaffId};
use counterfoil_domain::lot::CodeJobKind;
use counterfoil_domain::portal::JobState;
use counterfoil_wire::jobs::CodeJob;
use counterfoil_wire::problem::Code;
use uuid::Uuid;

use super::App;
use super::audit::{self, Actor};
use super::work::Work;
use crate::dialect::Conn;

pub(crate) use record::JobRecord;
pub use worker::run as run_code_jobs;
pub use worker::run_once as run_code_jobs_once;
#[cfg(test)]
pub(crate) use worker::{claim, step};

/// Of one lot, shown at once.
const SHOWN: i64 = 50;

/// A job that is to be started.
pub(crate) struct NewJob<'a> {
    pub(crate) id: JobId,
    pub(crate) lot: LotId,
    pub(crate) kind: CodeJobKind,
    pub(crate) seq_from: i64,
    pub(crate) seq_to: i64,
    /// Codes that it goes through.
    pub(crate) total: i64,
    pub(crate) reason: &'a str,
    /// The job that it takes back.
    pub(crate) undoes: Option<JobId>,
}

/// Puts a job beside nothing else on its lot. Whoever calls wakes the worker after the commit.
pub(crate) async fn insert(work: &mut Work, staff: StaffId, new: &NewJob<'_>) -> Result<(), Failure> {
    let (operator, now) = (work.operator(), work.now());
    if repo::taken(work.conn(), new.id).await? {
        return Err(id_reused());
    }
    if repo::insert(work.conn(), operator, staff, new, now).await? { Ok(()) } else { Err(busy()) }
}

fn id_reused() -> Failure {
    Failure::new(Code::IdReused, "This id belongs to another job. Mint a new id for a new job.")
}

fn busy() -> Failure {
    Failure::new(Code::Conflict, "Another job goes on this lot. Wait until it is done, or cancel it.")
}

/// The job of this id, when the same request came before.
pub(crate) async fn known(
    conn: &mut Conn,
    operator: OperatorId,
    id: JobId,
    lot: LotId,
    kind: CodeJobKind,
) -> Result<Option<CodeJob>, Failure> {
    let Some(record) = repo::by_id(conn, operator, id).await? else { return Ok(None) };
    if (record.lot(), record.kind()?) != (lot, kind) {
        return Err(id_reused());
    }
    record.view().map(Some)
}

/// Whether a job of this operator is about codes.
pub(crate) async fn find(conn: &mut Conn, operator: OperatorId, id: JobId) -> Result<Option<JobRecord>, Failure> {
    Ok(repo::by_id(conn, operator, id).await?)
}

pub(crate) async fn record(conn: &mut Conn, operator: OperatorId, id: JobId) -> Result<JobRecord, Failure> {
    find(conn, operator, id).await?.ok_or_else(|| Failure::not_found("job"))
}

pub(crate) async fn get(conn: &mut Conn, operator: OperatorId, id: JobId) -> Result<CodeJob, Failure> {
    record(conn, operator, id).await?.view()
}

/// The jobs of a lot, the newest first.
pub(crate) async fn of_lot(conn: &mut Conn, lot: LotId) -> Result<Vec<CodeJob>, Failure> {
    repo::of_lot(conn, lot, SHOWN).await?.into_iter().map(JobRecord::view).collect()
}

/// The jobs of all lots that started before, the newest first.
pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    before: (i64, Uuid),
    limit: i64,
) -> Result<Vec<CodeJob>, Failure> {
    repo::page(conn, operator, before, limit).await?.into_iter().map(JobRecord::view).collect()
}

/// The latest job of each of these lots.
pub(crate) async fn latest(conn: &mut Conn, lots: &[Uuid]) -> Result<HashMap<Uuid, CodeJob>, Failure> {
    let mut latest = HashMap::new();
    for record in repo::latest(conn, lots).await? {
        latest.insert(record.lot_id, record.view()?);
    }
    Ok(latest)
}

/// What a person can do to a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Cancel,
    /// Goes on after a failure or a cancellation.
    Resume,
}

pub(crate) async fn decide(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    id: JobId,
    decision: Decision,
) -> Result<CodeJob, Failure> {
    let mut work = app.begin(operator).await?;
    let before = record(work.conn(), operator, id).await?;
    let (state, lot, now) = (before.state()?, before.lot(), work.now());
    let (name, done) = match decision {
        Decision::Cancel => ("lot.job_cancel", repo::cancel(work.conn(), id, now).await?),
        Decision::Resume => {
            let open = matches!(state, JobState::Failed | JobState::Cancelled);
            if open && repo::another_goes(work.conn(), lot).await? {
                return Err(busy());
            }
            ("lot.job_resume", repo::resume(work.conn(), id).await?)
        }
    };
    if !done {
        let (word, may) = match decision {
            Decision::Cancel => ("cancelled", "one that goes"),
            Decision::Resume => ("resumed", "one that failed or was cancelled, and that nobody took back,"),
        };
        let detail = format!("This job is {}: only {may} can be {word}.", state.as_str());
        return Err(Failure::new(Code::WrongState, detail));
    }
    let before = before.view()?;
    let after = get(work.conn(), operator, id).await?;
    audit::record(&mut work, actor, name, Some(lot.0), Some(&before), Some(&after)).await?;
    work.commit().await?;
    app.code_jobs_wake().notify_one();
    Ok(after)
}

/// Stops a job inside a transaction. One that is over by then is told as it ended.
pub(crate) async fn cancel_within(work: &mut Work, actor: &Actor, id: JobId) -> Result<CodeJob, Failure> {
    let (operator, now) = (work.operator(), work.now());
    let before = record(work.conn(), operator, id).await?;
    let lot = before.lot();
    let stopped = repo::cancel(work.conn(), id, now).await?;
    let after = get(work.conn(), operator, id).await?;
    if stopped {
        let before = before.view()?;
        audit::record(work, actor, "lot.job_cancel", Some(lot.0), Some(&before), Some(&after)).await?;
    }
    Ok(after)
}

/// Notes that a job is taken back by another.
pub(crate) async fn set_undone(work: &mut Work, job: JobId, by: JobId) -> Result<(), Failure> {
    if repo::set_undone(work.conn(), job, by).await? {
        return Ok(());
    }
    Err(Failure::new(Code::Conflict, "Somebody else has taken this job back meanwhile."))
}
