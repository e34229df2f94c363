//! Looks for changes that nobody asks for: so many hours after the last one, as each portal's setting says.
//!
//! When a look is due is read off the jobs themselves, so it survives a restart, and a look that a person began counts as
//! well. Every process finds the same looks due. Whoever begins one puts the job there first, which only one can while it goes,
//! and then notes it on the portal, which only who saw the portal as it stands can: so a process that was slow begins no second
//! one after the first is done. A look that asks a person is not begun anew until it is answered.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{OperatorId, PortalId};
use counterfoil_domain::portal::PortalJobKind;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::Code;

use super::repo::{self, DuePortal};
use super::{NewJob, insert_by};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::Actor;

/// Begins every look that is due; says how many this process began.
pub(crate) async fn begin_due(app: &App) -> Result<u32, Failure> {
    let due = repo::due_portals(&mut *app.reader().await?, app.now()).await?;
    let mut begun = 0;
    for portal in due {
        match begin(app, &portal).await {
            Ok(first) => begun += u32::from(first),
            // The other portals have nothing to do with it.
            Err(failure) => failure.log(),
        }
    }
    if begun > 0 {
        app.portal_jobs_wake().notify_one();
    }
    Ok(begun)
}

/// False when somebody else was first.
async fn begin(app: &App, portal: &DuePortal) -> Result<bool, Failure> {
    let (operator, id) = (OperatorId(portal.operator_id), PortalId(portal.id));
    let mut work = app.begin(operator).await?;
    let now = work.now();
    let new = NewJob::new(mint(now), id, PortalJobKind::SyncChanges);
    // The job before the portal, as a look that ends takes them.
    match insert_by(&mut work, &Actor::system(), None, &new).await {
        Err(failure) if failure.code() == Code::Conflict => return Ok(false),
        inserted => drop(inserted?),
    }
    if !repo::note_timer(work.conn(), id, portal.timer_at, now).await? {
        return Ok(false);
    }
    work.commit().await?;
    Ok(true)
}

/// When a portal's accounts were last looked at, by whomever: when that began.
pub(crate) async fn last_look(conn: &mut Conn, portal: PortalId) -> Result<Option<Timestamp>, Failure> {
    Ok(repo::last_look(conn, portal).await?.map(Timestamp))
}
