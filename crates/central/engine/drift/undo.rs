//! Taking a repair back: what it wrote over is put in place again, where nobody has changed it since.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::ids::{AccountId, JobId, OperatorId, StaffId};
use counterfoil_domain::portal::{JobState, PortalJobKind, ProvisioningState};
use counterfoil_portals::{Concern, Values, Wrote, put_back};
use counterfoil_wire::jobs::PortalJob;
use counterfoil_wire::problem::Code;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::repo::{self, AccountState, Undoable};
use super::{taken_back, to_central};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::account;
use crate::engine::audit::{self, Actor};
use crate::engine::portal_jobs::{self, Held, NewJob, Stop};
use crate::engine::portal_sync::compare_again;
use crate::engine::provisioning;
use crate::engine::stored::stored;

/// Accounts looked up at a time, and written at a time.
const PART: i64 = 100;
const AT_ONCE: usize = 4;

/// What undoing puts back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Before {
    /// The portal's values, which were written over, and which change of the account did that.
    Portal { values: Values, wanted: i64 },
    /// The customer's account; none where there was none.
    Central { before: Option<AccountState>, after: AccountState, linked: bool },
}

/// Starts taking a repair back.
pub(crate) async fn start_undo(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    repair: JobId,
    id: JobId,
) -> Result<PortalJob, Failure> {
    let mut work = app.begin(operator).await?;
    let record = portal_jobs::record(work.conn(), operator, repair).await?;
    let new = NewJob { undoes: Some(repair), ..NewJob::new(id, record.portal(), PortalJobKind::Undo) };
    if let Some(known) = portal_jobs::known(&mut work, &new).await? {
        work.commit().await?;
        return Ok(known);
    }
    portal_jobs::ready(work.conn(), operator, record.portal()).await?;
    let over = matches!(record.state()?, JobState::Done | JobState::Cancelled | JobState::Failed);
    if !over || record.undoable == 0 || record.undone_by.is_some() {
        return Err(Failure::new(
            Code::WrongState,
            "Nothing of this job can be taken back: it goes on, was taken back before, or changed nothing that can be.",
        ));
    }
    let total = u64::try_from(record.undoable).ok();
    let job = portal_jobs::insert(&mut work, actor, staff, &NewJob { total, ..new }).await?;
    portal_jobs::set_undone(&mut work, repair, id).await?;
    work.commit().await?;
    app.portal_jobs_wake().notify_one();
    Ok(job)
}

pub(crate) async fn undo(held: &Held<'_>) -> Result<(), Stop> {
    let repair = taken_back(&held.job)?;
    let mut after = String::new();
    loop {
        let items = repo::undoable(&mut *held.app.reader().await?, repair, &after, PART).await?;
        let Some(last) = items.last() else { break };
        after.clone_from(&last.key);
        let all: Vec<_> = items.iter().map(|item| one(held, repair, item)).collect();
        let mut done = stream::iter(all).buffer_unordered(AT_ONCE);
        while done.try_next().await?.is_some() {}
    }
    compare_again(held, repair).await
}

async fn one(held: &Held<'_>, repair: JobId, item: &Undoable) -> Result<(), Stop> {
    let before: Before = stored(serde_json::from_str(&item.before).ok(), "portal_job_item", "before", &item.key)?;
    let put_back = match before {
        Before::Portal { values, wanted } => to_the_portal(held, repair, item, &values, wanted).await?,
        Before::Central { before, after, linked } => to_the_account(held, repair, item, before, &after, linked).await?,
    };
    if !put_back {
        let mut work = held.begin().await?;
        held.progress(&mut work, 1, 0, 1).await?;
        work.commit().await?;
    }
    Ok(())
}

/// False where somebody has changed it since, or the portal does not take it.
async fn to_the_portal(
    held: &Held<'_>,
    repair: JobId,
    item: &Undoable,
    values: &Values,
    wanted: i64,
) -> Result<bool, Stop> {
    let account = stored(item.account_id, "portal_job_item", "account_id", &item.key)?;
    let now = {
        let mut reader = held.app.reader().await?;
        let same = is_as_repaired(held, &mut reader, account, wanted).await?;
        repo::now(&mut reader, held.portal_id(), &item.key).await?.filter(|_| same)
    };
    let Some(now) = now.filter(|now| now.linked && now.drift.is_none() && now.copies == 1) else { return Ok(false) };
    match put_back(&held.portal, &now.login, values).await {
        Wrote::Agreed => {}
        Wrote::Stopped(trouble) if trouble.concern == Concern::Portal => return Err(trouble.into()),
        Wrote::Stopped(_) | Wrote::Differs(_) | Wrote::NotNeeded => return Ok(false),
    }
    let mut work = held.begin().await?;
    account::lock(&mut work, &[AccountId(account)]).await?;
    let same = is_as_repaired(held, work.conn(), account, wanted).await?;
    if same {
        repo::set_differs(work.conn(), held.portal_id(), &item.key, &item.fields).await?;
        repo::set_undone(work.conn(), repair, &item.key).await?;
        held.progress(&mut work, 1, 1, 0).await?;
    } else {
        // The customer paid in that very moment: what was bought is written again.
        provisioning::want(&mut work, &[account]).await?;
    }
    work.commit().await?;
    Ok(same)
}

/// Whether nothing was wanted of the account since the repair, and what that wanted stands on the portal.
async fn is_as_repaired(held: &Held<'_>, conn: &mut Conn, account: Uuid, wanted: i64) -> Result<bool, Stop> {
    let standings = provisioning::standings(conn, held.portal_id(), &[account]).await?;
    let Some(standing) = standings.get(&account) else { return Ok(false) };
    Ok(standing.wanted_count() == wanted && standing.state()? == ProvisioningState::Agreed)
}

/// False where the account is not as the repair left it.
async fn to_the_account(
    held: &Held<'_>,
    repair: JobId,
    item: &Undoable,
    before: Option<AccountState>,
    after: &AccountState,
    linked: bool,
) -> Result<bool, Stop> {
    let account = AccountId(stored(item.account_id, "portal_job_item", "account_id", &item.key)?);
    let mut work = held.begin().await?;
    account::lock(&mut work, &[account]).await?;
    if repo::account_state(work.conn(), account).await?.as_ref() != Some(after) {
        return Ok(false);
    }
    // What was taken in is put away: nothing is ever deleted.
    let archived = || AccountState { status: AccountStatus::Archived.as_str().to_owned(), ..after.clone() };
    let state = before.unwrap_or_else(archived);
    repo::set_account_state(work.conn(), account, &state).await?;
    if linked {
        provisioning::unlink(&mut work, held.portal_id(), account.0).await?;
    }
    repo::set_link(work.conn(), held.portal_id(), &item.key, Some(account.0), !linked).await?;
    to_central::touch(&mut work, account, &state).await?;
    let actor = held.job.started_by.map_or_else(Actor::system, Actor::job_of);
    let (subject, left) = (Some(account.0), after.reseller_id);
    audit::record_and_tell(&mut work, &actor, "account.put_back", subject, left, Some(after), Some(&state)).await?;
    repo::set_undone(work.conn(), repair, &item.key).await?;
    held.progress(&mut work, 1, 1, 0).await?;
    work.commit().await?;
    Ok(true)
}
