//! Switching accounts off and on, out of use, and giving them a new password. Their portals follow.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::tokens::token_hash;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::AccountId;
use counterfoil_wire::accounts::{Account, Credentials};
use counterfoil_wire::problem::Code;

use super::{Asker, Noted, create, draft, repo, token};
use crate::engine::device::STAFF_ONLY;
use crate::engine::stored::stored_number;
use crate::engine::work::Work;
use crate::engine::{App, audit, provisioning};

/// Off, until somebody switches it on again; its term runs on.
pub(crate) async fn suspend(app: &App, asker: &Asker<'_>, id: AccountId, reason: &str) -> Result<Account, Failure> {
    let mut work = app.begin(asker.operator).await?;
    let account = suspend_within(&mut work, asker, id, reason).await?;
    work.commit().await?;
    Ok(account)
}

/// [`suspend`] in a transaction of somebody else's.
pub(crate) async fn suspend_within(
    work: &mut Work,
    asker: &Asker<'_>,
    id: AccountId,
    reason: &str,
) -> Result<Account, Failure> {
    change(work, asker, id, AccountStatus::Suspended, "account.suspend", Some(reason)).await
}

/// On again. What is left of its service is served.
pub(crate) async fn activate(app: &App, asker: &Asker<'_>, id: AccountId) -> Result<Account, Failure> {
    let mut work = app.begin(asker.operator).await?;
    let account = activate_within(&mut work, asker, id).await?;
    work.commit().await?;
    Ok(account)
}

/// [`activate`] in a transaction of somebody else's.
pub(crate) async fn activate_within(work: &mut Work, asker: &Asker<'_>, id: AccountId) -> Result<Account, Failure> {
    change(work, asker, id, AccountStatus::Active, "account.activate", None).await
}

/// Out of use for good: off on its portal, and counted no more. No credit comes back.
pub(crate) async fn archive(app: &App, asker: &Asker<'_>, id: AccountId, reason: &str) -> Result<Account, Failure> {
    let mut work = app.begin(asker.operator).await?;
    let account = change(&mut work, asker, id, AccountStatus::Archived, "account.archive", Some(reason)).await?;
    work.commit().await?;
    Ok(account)
}

/// What is so already stays so and is answered.
async fn change(
    work: &mut Work,
    asker: &Asker<'_>,
    id: AccountId,
    to: AccountStatus,
    action: &str,
    reason: Option<&str>,
) -> Result<Account, Failure> {
    let before = super::mine(work, asker, id).await?;
    let reason = reason.map(draft::reason).transpose()?;
    let status = before.status()?;
    if status == to {
        return super::shown(work, &before).await;
    }
    if status == AccountStatus::Archived {
        return Err(super::is_archived());
    }
    if to == AccountStatus::Active && status != AccountStatus::Suspended {
        let detail = "This account is not suspended. When its service is over, extend it.";
        return Err(Failure::new(Code::WrongState, detail));
    }
    repo::set_status(work.conn(), id, to).await?;
    if to == AccountStatus::Archived {
        // Another account may have the box.
        repo::release_mac(work.conn(), id).await?;
    }
    follow(work, id, before.reseller_path.as_deref()).await?;
    let after = super::locked(work, id).await?;
    let (before, after) = (super::shown(work, &before).await?, super::shown(work, &after).await?);
    let noted = Noted { account: &after, reason, cost: None };
    audit::record(work, asker.actor, action, Some(id.0), Some(&before), Some(&noted)).await?;
    Ok(after)
}

/// A new password and token; the old ones open nothing any more.
pub(crate) async fn reset_token(app: &App, asker: &Asker<'_>, id: AccountId) -> Result<Credentials, Failure> {
    let mut work = app.begin(asker.operator).await?;
    let before = super::in_use(&mut work, asker, id).await?;
    let generation = before.credential_generation + 1;
    let hash = token_hash(&token(app.keys(), id, generation));
    repo::set_generation(work.conn(), id, generation, hash.as_slice()).await?;
    follow(&mut work, id, before.reseller_path.as_deref()).await?;
    let after = super::locked(&mut work, id).await?;
    let answer = create::shown(app, &mut work, &after, None).await?;
    let number = |generation| stored_number::<u32>(generation, "account", "credential_generation", id);
    let (old, new) = (number(before.credential_generation)?, number(generation)?);
    let (old, new) = (serde_json::json!({ "generation": old }), serde_json::json!({ "generation": new }));
    audit::record(&mut work, asker.actor, "account.reset_token", Some(id.0), Some(&old), Some(&new)).await?;
    work.commit().await?;
    Ok(answer)
}

/// It is another version, and its portal and its devices follow.
pub(super) async fn follow(work: &mut Work, id: AccountId, path: Option<&str>) -> Result<(), Failure> {
    repo::revise(work.conn(), id).await?;
    provisioning::want(work, &[id.0]).await?;
    work.touch(FeedTable::Account, id, path.unwrap_or(STAFF_ONLY));
    Ok(())
}
