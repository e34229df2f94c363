//! Work with many accounts of a portal: a look at all of them, a repair, a repair taken back, assignments pushed. It is
//! kept in the database and goes on whoever watches; of several processes one is at it ([`worker`]), and one that dies
//! leaves it to another. On a portal one job goes at a time.

mod record;
mod repo;
mod timer;
mod worker;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{JobId, OperatorId, PortalId, StaffId};
use counterfoil_domain::portal::{JobPhase, JobQuestion, JobState, PortalJobKind, PortalStatus};
use counterfoil_portals::Trouble;
use counterfoil_wire::jobs::PortalJob;
use counterfoil_wire::problem::Code;
use uuid::Uuid;

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::portals::{self, PortalRecord};
use super::work::Work;
use crate::dialect::Conn;

pub(crate) use record::JobRecord;
pub(crate) use timer::{begin_due, last_look};
pub use worker::run as run_portal_jobs;
pub use worker::run_once as run_portal_jobs_once;
pub(crate) use worker::{Held, Stop};

/// A job that is to be started.
pub(crate) struct NewJob {
    pub(crate) id: JobId,
    pub(crate) portal: PortalId,
    pub(crate) kind: PortalJobKind,
    /// The job that it takes back.
    pub(crate) undoes: Option<JobId>,
    pub(crate) total: Option<u64>,
}

impl NewJob {
    pub(crate) const fn new(id: JobId, portal: PortalId, kind: PortalJobKind) -> Self {
        Self { id, portal, kind, undoes: None, total: None }
    }

    const fn first_phase(&self) -> JobPhase {
        match self.kind {
            PortalJobKind::SyncChanges | PortalJobKind::SyncEverything => JobPhase::Listing,
            _ => JobPhase::Repairing,
        }
    }
}

/// Starts a job that has nothing to choose.
pub(crate) async fn start(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    new: &NewJob,
) -> Result<PortalJob, Failure> {
    let mut work = app.begin(operator).await?;
    ready(work.conn(), operator, new.portal).await?;
    if let Some(known) = known(&mut work, new).await? {
        work.commit().await?;
        return Ok(known);
    }
    let job = insert(&mut work, actor, staff, new).await?;
    work.commit().await?;
    app.portal_jobs_wake().notify_one();
    Ok(job)
}

/// The job of this id, when the same request came before.
pub(crate) async fn known(work: &mut Work, new: &NewJob) -> Result<Option<PortalJob>, Failure> {
    let Some(kept) = repo::kept(work.conn(), new.id).await? else { return Ok(None) };
    let operator = work.operator();
    if (kept.operator_id, kept.portal_id, kept.kind.as_str()) != (operator.0, new.portal.0, new.kind.as_str()) {
        return Err(Failure::new(Code::IdReused, "This id belongs to another job. Mint a new id for a new job."));
    }
    get(work.conn(), operator, new.id).await.map(Some)
}

/// Puts a job beside nothing else on its portal. Whoever calls wakes the worker after the commit.
pub(crate) async fn insert(work: &mut Work, actor: &Actor, staff: StaffId, new: &NewJob) -> Result<PortalJob, Failure> {
    insert_by(work, actor, Some(staff), new).await
}

/// The same, by nobody where Central itself begins it.
async fn insert_by(work: &mut Work, actor: &Actor, staff: Option<StaffId>, new: &NewJob) -> Result<PortalJob, Failure> {
    let (operator, now) = (work.operator(), work.now());
    if !repo::insert(work.conn(), operator, staff, new, new.first_phase(), now).await? {
        return Err(busy());
    }
    let job = get(work.conn(), operator, new.id).await?;
    audit::record(work, actor, &format!("portal.{}", new.kind.as_str()), Some(new.portal.0), NOTHING, Some(&job))
        .await?;
    Ok(job)
}

fn busy() -> Failure {
    Failure::new(Code::Conflict, "Another job goes on this portal. Wait until it is done, or cancel it.")
}

/// A portal that jobs can be started on.
pub(crate) async fn ready(conn: &mut Conn, operator: OperatorId, portal: PortalId) -> Result<PortalRecord, Failure> {
    let record = portals::record(conn, operator, portal).await?;
    if record.status()? != PortalStatus::Active {
        return Err(Failure::new(Code::WrongState, "This portal is paused or archived. Set it going first."));
    }
    if record.findings()?.is_none() {
        return Err(Failure::new(Code::WrongState, "Nobody has looked at this portal yet. Look at it first."));
    }
    Ok(record)
}

pub(crate) async fn get(conn: &mut Conn, operator: OperatorId, id: JobId) -> Result<PortalJob, Failure> {
    record(conn, operator, id).await?.view()
}

pub(crate) async fn record(conn: &mut Conn, operator: OperatorId, id: JobId) -> Result<JobRecord, Failure> {
    repo::by_id(conn, operator, id).await?.ok_or_else(|| Failure::not_found("job"))
}

/// Jobs of a portal, the newest first.
pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    portal: PortalId,
    before: (i64, Uuid),
    limit: i64,
) -> Result<Vec<PortalJob>, Failure> {
    portals::record(conn, operator, portal).await?;
    repo::list(conn, portal, before, limit).await?.into_iter().map(JobRecord::view).collect()
}

/// What a person can do to a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Cancel,
    /// Goes on after a failure or a cancellation.
    Resume,
    /// Believes what it asks about.
    Confirm,
}

pub(crate) async fn decide(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    id: JobId,
    decision: Decision,
) -> Result<PortalJob, Failure> {
    let mut work = app.begin(operator).await?;
    let before = record(work.conn(), operator, id).await?;
    let (state, portal) = (before.state()?, PortalId(before.portal_id));
    let now = work.now();
    let (name, done) = match decision {
        Decision::Cancel => ("portal.job_cancel", repo::cancel(work.conn(), id, now).await?),
        Decision::Confirm => ("portal.job_confirm", repo::confirm(work.conn(), id).await?),
        Decision::Resume => {
            ready(work.conn(), operator, portal).await?;
            let open = matches!(state, JobState::Failed | JobState::Cancelled);
            if open && repo::another_goes(work.conn(), portal).await? {
                return Err(busy());
            }
            ("portal.job_resume", repo::resume(work.conn(), id).await?)
        }
    };
    if !done {
        let (word, may) = match decision {
            Decision::Cancel => ("cancelled", "one that goes or asks"),
            Decision::Resume => ("resumed", "one that failed or was cancelled"),
            Decision::Confirm => ("confirmed", "one that asks"),
        };
        let detail = format!("This job is {}: only {may} can be {word}.", state.as_str());
        return Err(Failure::new(Code::WrongState, detail));
    }
    let before = before.view()?;
    let after = get(work.conn(), operator, id).await?;
    audit::record(&mut work, actor, name, Some(portal.0), Some(&before), Some(&after)).await?;
    work.commit().await?;
    app.portal_jobs_wake().notify_one();
    Ok(after)
}

/// Notes that a job is taken back by another.
pub(crate) async fn set_undone(work: &mut Work, repair: JobId, by: JobId) -> Result<(), Failure> {
    if repo::set_undone(work.conn(), repair, by).await? {
        return Ok(());
    }
    Err(Failure::new(Code::Conflict, "Somebody else has taken this job back meanwhile."))
}

/// What stops a job until a person says yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) about: JobQuestion,
    pub(crate) accounts: u64,
    pub(crate) of: u64,
}

/// Why a job cannot go on for a reason of Central's own.
fn own_fault() -> Trouble {
    Trouble::internal()
}
