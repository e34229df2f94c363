//! Codes made together: a shop's hundred at once, and what staff order, change and print. Needs Central.

use std::time::Duration;

use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::{JobId, LotId, ResellerId};
use counterfoil_domain::permission::{MemberAction, MemberRole, StaffAction, StaffRole};
use counterfoil_wire::endpoint::{
    AdminAllocate, AdminAllocationPreview, AdminCodeJobs, AdminJob, AdminJobCancel, AdminJobResume, AdminJobUndo,
    AdminLot, AdminLotChange, AdminLotChangePreview, AdminLotCreate, AdminLotFile, AdminLotPreview, AdminLots,
    AdminRangeCancel, AdminRangeChange, AdminRangePreview, AdminRangeUndo, ResellerLot, ResellerLotCreate,
    ResellerLots, ResellerPermissions,
};
use counterfoil_wire::jobs::{CodeJob, Job, StartJob};
use counterfoil_wire::lots::{
    ChangeLot, ChangePreview, CreateLot, CreatedLot, FileQuery, Lot, LotDetail, LotPreview, LotsQuery, OrderLot,
    PreviewChange, PreviewLot,
};
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::ranges::{
    Allocate, Allocated, AllocationPreview, CancelRange, ChangeRange, PreviewAllocation, PreviewRange, RangeJobs,
    RangePreview, UndoRange,
};
use counterfoil_wire::sessions::Audience;

use crate::admin::is_staff;
use crate::central::CentralError;
use crate::device;
use crate::session::{SessionError, call, call_within, text};
use crate::till::Till;

/// Central counts every code of a lot before it answers, or sends them all.
const ALL_CODES_LIMIT: Duration = Duration::from_mins(3);

/// What whoever is signed in may do with many codes at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rights {
    /// By the role: a shop makes them, staff order and change them.
    pub(crate) role: bool,
    /// By the operator; staff need nobody's leave.
    pub(crate) granted: bool,
    /// The shop; none for staff.
    pub(crate) reseller: Option<ResellerId>,
}

/// The newest first: for staff of all resellers, for a shop its own and those below it.
pub(crate) async fn list(till: &Till, query: &LotsQuery) -> Result<Page<Lot>, SessionError> {
    if is_staff(till).await? {
        call::<AdminLots>(till, &[], query).await
    } else {
        call::<ResellerLots>(till, &[], query).await
    }
}

pub(crate) async fn detail(till: &Till, lot: LotId) -> Result<LotDetail, SessionError> {
    let lot = lot.to_string();
    if is_staff(till).await? {
        call::<AdminLot>(till, &[&lot], &()).await
    } else {
        call::<ResellerLot>(till, &[&lot], &()).await
    }
}

pub(crate) async fn rights(till: &Till) -> Result<Rights, SessionError> {
    let member = device::repo::member(&mut *till.read().await?).await?.ok_or(CentralError::NotSignedIn)?;
    if member.audience == Audience::Admin {
        let role = StaffRole::from_stored(&member.role).is_some_and(|role| role.may(StaffAction::ManageCodes));
        return Ok(Rights { role, granted: role, reseller: None });
    }
    let role = MemberRole::from_stored(&member.role).is_some_and(|role| role.may(MemberAction::Sell));
    let known = call::<ResellerPermissions>(till, &[], &()).await?;
    let granted = known.permissions.allow(Grant::BulkOperations);
    Ok(Rights { role, granted, reseller: Some(known.reseller_id) })
}

/// Makes them; the same again is answered with the same codes.
pub(crate) async fn create(till: &Till, lot: &CreateLot) -> Result<CreatedLot, SessionError> {
    let made = call::<ResellerLotCreate>(till, &[], lot).await?;
    till.sync.wake();
    Ok(made)
}

pub(crate) async fn preview(till: &Till, lot: &PreviewLot) -> Result<LotPreview, SessionError> {
    call::<AdminLotPreview>(till, &[], lot).await
}

pub(crate) async fn order(till: &Till, lot: &OrderLot) -> Result<Lot, SessionError> {
    call::<AdminLotCreate>(till, &[], lot).await
}

/// What a change would do; nothing is done.
pub(crate) async fn preview_change(
    till: &Till,
    lot: LotId,
    change: &PreviewChange,
) -> Result<ChangePreview, SessionError> {
    call_within::<AdminLotChangePreview>(till, ALL_CODES_LIMIT, &[&lot.to_string()], change).await
}

/// Does what a preview showed.
pub(crate) async fn change(till: &Till, lot: LotId, change: &ChangeLot) -> Result<CodeJob, SessionError> {
    call_within::<AdminLotChange>(till, ALL_CODES_LIMIT, &[&lot.to_string()], change).await
}

/// What it would take to give a reseller what the operator keeps.
pub(crate) async fn preview_allocation(
    till: &Till,
    asked: &PreviewAllocation,
) -> Result<AllocationPreview, SessionError> {
    call_within::<AdminAllocationPreview>(till, ALL_CODES_LIMIT, &[], asked).await
}

pub(crate) async fn allocate(till: &Till, asked: &Allocate) -> Result<Allocated, SessionError> {
    call_within::<AdminAllocate>(till, ALL_CODES_LIMIT, &[], asked).await
}

/// What a change of all codes between two serials would do.
pub(crate) async fn preview_range(till: &Till, asked: &PreviewRange) -> Result<RangePreview, SessionError> {
    call_within::<AdminRangePreview>(till, ALL_CODES_LIMIT, &[], asked).await
}

pub(crate) async fn change_range(till: &Till, asked: &ChangeRange) -> Result<RangeJobs, SessionError> {
    call_within::<AdminRangeChange>(till, ALL_CODES_LIMIT, &[], asked).await
}

/// Stops the jobs of a range where they stand.
pub(crate) async fn cancel_range(till: &Till, asked: &CancelRange) -> Result<RangeJobs, SessionError> {
    call::<AdminRangeCancel>(till, &[], asked).await
}

/// Takes the jobs of a range back.
pub(crate) async fn undo_range(till: &Till, asked: &UndoRange) -> Result<RangeJobs, SessionError> {
    call::<AdminRangeUndo>(till, &[], asked).await
}

/// Codes of a lot as CSV.
pub(crate) async fn print_file(till: &Till, lot: LotId, query: &FileQuery) -> Result<String, SessionError> {
    text::<AdminLotFile>(till, ALL_CODES_LIMIT, &[&lot.to_string()], query).await
}

/// Jobs of all lots, the newest first.
pub(crate) async fn jobs(till: &Till, query: &PageQuery) -> Result<Page<CodeJob>, SessionError> {
    call::<AdminCodeJobs>(till, &[], query).await
}

pub(crate) async fn job(till: &Till, job: JobId) -> Result<CodeJob, SessionError> {
    of_codes(call::<AdminJob>(till, &[&job.to_string()], &()).await?)
}

pub(crate) async fn cancel(till: &Till, job: JobId) -> Result<CodeJob, SessionError> {
    of_codes(call::<AdminJobCancel>(till, &[&job.to_string()], &()).await?)
}

pub(crate) async fn resume(till: &Till, job: JobId) -> Result<CodeJob, SessionError> {
    of_codes(call::<AdminJobResume>(till, &[&job.to_string()], &()).await?)
}

/// Takes a change back, by a job of its own.
pub(crate) async fn undo(till: &Till, job: JobId, start: StartJob) -> Result<CodeJob, SessionError> {
    of_codes(call::<AdminJobUndo>(till, &[&job.to_string()], &start).await?)
}

fn of_codes(job: Job) -> Result<CodeJob, SessionError> {
    match job {
        Job::Codes(job) => Ok(job),
        Job::Portal(_) => Err(CentralError::Incompatible("this job is not about codes".into()).into()),
    }
}
