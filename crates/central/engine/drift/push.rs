//! Writing every account's reseller to the portal.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, PortalId, StaffId};
use counterfoil_domain::portal::PortalJobKind;
use counterfoil_wire::jobs::{PortalJob, StartJob};
use counterfoil_wire::problem::Code;

use crate::engine::App;
use crate::engine::audit::Actor;
use crate::engine::portal_jobs::{self, Held, NewJob, Stop};
use crate::engine::provisioning;

/// Accounts wanted in one transaction.
const PART: i64 = 500;

pub(crate) async fn start_push(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    portal: PortalId,
    asked: StartJob,
) -> Result<PortalJob, Failure> {
    let mut reader = app.reader().await?;
    let record = portal_jobs::ready(&mut reader, operator, portal).await?;
    if !record.findings()?.is_some_and(|found| found.owner.holds_one()) {
        return Err(Failure::new(
            Code::WrongState,
            "This portal has no place for an account's reseller, so none can be written to it. Counterfoil keeps them.",
        ));
    }
    let total = u64::try_from(provisioning::count_linked(&mut reader, portal).await?).ok();
    drop(reader);
    let new = NewJob { total, ..NewJob::new(asked.job_id, portal, PortalJobKind::PushAssignments) };
    portal_jobs::start(app, operator, actor, staff, &new).await
}

/// Each is compared with the portal and written where it differs, like after any other change.
pub(crate) async fn push_assignments(held: &Held<'_>) -> Result<(), Stop> {
    let mut after = held.job.walked.unwrap_or_default();
    loop {
        let mut work = held.begin().await?;
        let accounts = provisioning::linked_after(work.conn(), held.portal_id(), after, PART).await?;
        let Some(last) = accounts.last() else { return Ok(()) };
        after = *last;
        provisioning::want(&mut work, &accounts).await?;
        held.walk_to(&mut work, after).await?;
        held.progress(&mut work, accounts.len(), accounts.len(), 0).await?;
        work.commit().await?;
    }
}
