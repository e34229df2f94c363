//! Where a portal and Counterfoil disagree, the jobs that look and repair, and accounts that nobody owns: work of the
//! operator's staff, done by Central.

use std::time::Duration;

use counterfoil_domain::ids::{JobId, PortalId};
use counterfoil_wire::drift::{
    AssignAccounts, Assigned, DriftQuery, DriftReport, DriftRow, PreviewRepair, RepairDrift, RepairPreview,
    UnassignedAccount,
};
use counterfoil_wire::endpoint::{
    AdminAssign, AdminJob, AdminJobCancel, AdminJobConfirm, AdminJobResume, AdminJobUndo, AdminPortalDrift,
    AdminPortalDriftRows, AdminPortalJobs, AdminPortalPush, AdminPortalRepair, AdminPortalRepairPreview,
    AdminPortalSync, AdminUnassigned,
};
use counterfoil_wire::jobs::{Job, PortalJob, StartJob, StartSync};
use counterfoil_wire::page::{Page, PageQuery};

use crate::central::CentralError;
use crate::session::{SessionError, call, call_within};
use crate::till::Till;

/// Central goes through every account before it answers.
const ALL_ACCOUNTS_LIMIT: Duration = Duration::from_mins(3);
/// Of a portal's jobs, the newest.
const LATEST_JOBS: u32 = 20;

/// What the last whole look at a portal's accounts found.
pub(crate) async fn report(till: &Till, portal: PortalId) -> Result<DriftReport, SessionError> {
    call::<AdminPortalDrift>(till, &[&portal.to_string()], &()).await
}

pub(crate) async fn rows(till: &Till, portal: PortalId, query: &DriftQuery) -> Result<Page<DriftRow>, SessionError> {
    call::<AdminPortalDriftRows>(till, &[&portal.to_string()], query).await
}

/// The latest jobs of a portal, the newest first.
pub(crate) async fn jobs(till: &Till, portal: PortalId) -> Result<Vec<PortalJob>, SessionError> {
    let query = PageQuery { limit: Some(LATEST_JOBS), ..PageQuery::default() };
    Ok(call::<AdminPortalJobs>(till, &[&portal.to_string()], &query).await?.items)
}

pub(crate) async fn job(till: &Till, job: JobId) -> Result<PortalJob, SessionError> {
    of_portal(call::<AdminJob>(till, &[&job.to_string()], &()).await?)
}

/// Looks at all accounts of a portal.
pub(crate) async fn sync(till: &Till, portal: PortalId, start: StartSync) -> Result<PortalJob, SessionError> {
    call::<AdminPortalSync>(till, &[&portal.to_string()], &start).await
}

/// Writes every account's reseller to the portal.
pub(crate) async fn push(till: &Till, portal: PortalId, start: StartJob) -> Result<PortalJob, SessionError> {
    call_within::<AdminPortalPush>(till, ALL_ACCOUNTS_LIMIT, &[&portal.to_string()], &start).await
}

pub(crate) async fn cancel(till: &Till, job: JobId) -> Result<PortalJob, SessionError> {
    of_portal(call::<AdminJobCancel>(till, &[&job.to_string()], &()).await?)
}

pub(crate) async fn resume(till: &Till, job: JobId) -> Result<PortalJob, SessionError> {
    of_portal(call::<AdminJobResume>(till, &[&job.to_string()], &()).await?)
}

/// Says yes to what a job asks.
pub(crate) async fn confirm(till: &Till, job: JobId) -> Result<PortalJob, SessionError> {
    call::<AdminJobConfirm>(till, &[&job.to_string()], &()).await
}

/// Takes a repair back, by a job of its own.
pub(crate) async fn undo(till: &Till, repair: JobId, start: StartJob) -> Result<PortalJob, SessionError> {
    of_portal(call_within::<AdminJobUndo>(till, ALL_ACCOUNTS_LIMIT, &[&repair.to_string()], &start).await?)
}

/// What a repair would do; nothing is done.
pub(crate) async fn preview(
    till: &Till,
    portal: PortalId,
    repair: &PreviewRepair,
) -> Result<RepairPreview, SessionError> {
    call_within::<AdminPortalRepairPreview>(till, ALL_ACCOUNTS_LIMIT, &[&portal.to_string()], repair).await
}

/// Does what a preview showed.
pub(crate) async fn repair(till: &Till, portal: PortalId, repair: &RepairDrift) -> Result<PortalJob, SessionError> {
    call_within::<AdminPortalRepair>(till, ALL_ACCOUNTS_LIMIT, &[&portal.to_string()], repair).await
}

pub(crate) async fn unassigned(till: &Till, query: &PageQuery) -> Result<Page<UnassignedAccount>, SessionError> {
    call::<AdminUnassigned>(till, &[], query).await
}

/// Gives accounts that nobody owns to a reseller.
pub(crate) async fn assign(till: &Till, assign: &AssignAccounts) -> Result<Assigned, SessionError> {
    call_within::<AdminAssign>(till, ALL_ACCOUNTS_LIMIT, &[], assign).await
}

fn of_portal(job: Job) -> Result<PortalJob, SessionError> {
    match job {
        Job::Portal(job) => Ok(job),
        Job::Codes(_) => Err(CentralError::Incompatible("this job is not about a portal".into()).into()),
    }
}
