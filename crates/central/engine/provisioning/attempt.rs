//! One attempt: claimed, written, read back, noted.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{AccountId, OperatorId, PortalId};
use counterfoil_domain::portal::ProvisioningState;
use counterfoil_domain::time::Timestamp;
use counterfoil_portals::{Concern, Connection, Portal, Reading, Trouble, Wanted, Wrote, key_of_login, provision};
use counterfoil_wire::portals::{Difference, PortalTrouble};
use uuid::Uuid;

use super::desired::{Desired, desired};
use super::repo::{self, Claim, Ended};
use super::want;
use crate::engine::App;
use crate::engine::portals::{self, PortalRecord, told};
use crate::engine::stored::stored;
use crate::engine::work::Work;

/// Longer than a look, a write and a look may take together.
const CLAIM_MS: i64 = 3 * 60_000;
/// The pause before the second try; doubled before each further one up to the longest.
const PAUSE_MS: i64 = 15_000;
const LONGEST_PAUSE_MS: i64 = 60 * 60_000;
/// Tries of what may pass, before a person is shown it.
const MOST_TRIES: i64 = 8;
/// Tries of what a portal stores otherwise than it was told, before a person is asked.
const MOST_DIFFERING: i64 = 3;

/// A portal that can be written to.
pub(super) struct Open<'a> {
    pub(super) record: &'a PortalRecord,
    pub(super) connection: &'a Connection,
    pub(super) portal: &'a Portal,
    /// Whether it ends accounts by itself.
    pub(super) ends_accounts: bool,
}

impl Open<'_> {
    fn id(&self) -> PortalId {
        PortalId(self.record.id)
    }

    fn operator(&self) -> OperatorId {
        OperatorId(self.record.operator_id)
    }
}

/// Whether the portal can be written to further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goes {
    On,
    No,
}

pub(super) async fn attempt(app: &App, open: &Open<'_>, account: Uuid) -> Result<Goes, Failure> {
    let account = AccountId(account);
    let Some(claim) = claim(app, open, account).await? else { return Ok(Goes::On) };
    let grounds = repo::grounds(&mut *app.reader().await?, open.id(), account).await?;
    let grounds = stored(grounds, "provisioning", "account_id", account)?;
    let now = app.now();
    let field = open.connection.owner;
    let Some(desired) = desired(app.keys(), open.id(), field, account, &claim, &grounds, now)? else {
        let until = grounds.ends_at.filter(|_| claim.created && !open.ends_accounts);
        let ended = Ended { off_at: until.map(|until| until + 1), ..settled(open, account, &claim, now) };
        end(app, open, &ended, None).await?;
        return Ok(Goes::On);
    };
    let wrote = provision(open.portal, open.connection, &desired.wanted).await;
    note(app, open, account, &claim, &desired, wrote).await
}

async fn claim(app: &App, open: &Open<'_>, account: AccountId) -> Result<Option<Claim>, Failure> {
    let mut work = app.begin(open.operator()).await?;
    let now = work.now();
    let claim = repo::claim(work.conn(), open.id(), account, now, Timestamp(now.0 + CLAIM_MS)).await?;
    work.commit().await?;
    Ok(claim)
}

async fn note(
    app: &App,
    open: &Open<'_>,
    account: AccountId,
    claim: &Claim,
    desired: &Desired,
    wrote: Wrote,
) -> Result<Goes, Failure> {
    let now = app.now();
    let settled = settled(open, account, claim, now);
    match wrote {
        Wrote::NotNeeded => end(app, open, &Ended { created: false, ..settled }, None).await?,
        Wrote::Agreed => agreed(app, open, settled, desired, now).await?,
        Wrote::Differs(differences) => {
            let trouble = told(&differs(), now);
            let differences = in_json(&differences)?;
            let asked = claim.tries >= MOST_DIFFERING;
            let ended = Ended {
                created: true,
                credential_generation: desired.credential_generation,
                // It is served there, whatever else is to be decided.
                off_at: off_at(open, &desired.wanted),
                trouble: Some(&trouble),
                differences: &differences,
                ..not_done(settled, (!asked).then(|| again_at(now, claim.tries)))
            };
            end(app, open, &ended, None).await?;
        }
        Wrote::Stopped(stopped) => {
            let trouble = told(&stopped, now);
            let next = match stopped.concern {
                // It may be this account that the portal does not get done with: others come first.
                Concern::Portal if stopped.code == "timed_out" => Some(again_at(now, claim.tries)),
                // The portal rests as a whole, and when it answers again nobody is to wait longer than that.
                Concern::Portal => Some(again_at(now, 1)),
                Concern::Passing => Some(again_at(now, claim.tries)),
                Concern::Person => None,
            };
            let not_done = not_done(settled, next);
            let asked = stopped.concern == Concern::Passing && claim.tries >= MOST_TRIES;
            let ended = Ended {
                // It goes on: what a portal that was away for hours did not take, nobody should have to press for.
                state: if asked { ProvisioningState::Attention } else { not_done.state },
                // One that is gone is made anew when a person says so.
                created: claim.created && stopped.code != "gone",
                // It may be served there, as before or unseen.
                off_at: off_at(open, &desired.wanted),
                trouble: Some(&trouble),
                ..not_done
            };
            end(app, open, &ended, (stopped.concern == Concern::Portal).then_some(&stopped)).await?;
            if stopped.concern == Concern::Portal {
                return Ok(Goes::No);
            }
        }
    }
    Ok(Goes::On)
}

async fn agreed(
    app: &App,
    open: &Open<'_>,
    settled: Ended<'_>,
    desired: &Desired,
    now: Timestamp,
) -> Result<(), Failure> {
    let trouble = match (desired.moving, desired.owner_unmapped) {
        (true, _) => Some(moving(now)),
        (false, true) => Some(owner_unmapped(now)),
        (false, false) => None,
    };
    let ended = Ended {
        created: true,
        credential_generation: desired.credential_generation,
        mac: desired.mac.as_deref(),
        off_at: off_at(open, &desired.wanted),
        trouble: trouble.as_ref(),
        ..settled
    };
    if desired.moving {
        return end(app, open, &not_done(ended, Some(again_at(now, ended.claim.tries))), None).await;
    }
    agree(app, open, &ended, &desired.wanted).await
}

/// The row of an account that is as wanted, and nothing else to tell.
fn settled<'a>(open: &Open<'_>, account: AccountId, claim: &'a Claim, now: Timestamp) -> Ended<'a> {
    Ended {
        portal: open.id(),
        account,
        claim,
        state: ProvisioningState::Agreed,
        due_at: None,
        created: claim.created,
        credential_generation: claim.credential_generation,
        mac: claim.mac.as_deref(),
        off_at: None,
        trouble: None,
        differences: "[]",
        agreed_at: Some(now),
    }
}

/// Tried again then, or never without a person.
fn not_done(settled: Ended<'_>, next: Option<Timestamp>) -> Ended<'_> {
    let state = if next.is_some() { ProvisioningState::Waiting } else { ProvisioningState::Attention };
    Ended { state, due_at: next, agreed_at: None, ..settled }
}

/// Notes that both sides agree, and on what: the third side of every later comparison.
async fn agree(app: &App, open: &Open<'_>, ended: &Ended<'_>, wanted: &Wanted) -> Result<(), Failure> {
    let reading = Reading::of(open.connection).map_err(Failure::internal)?;
    let agreed = serde_json::to_string(&reading.values(&wanted.service)).map_err(Failure::internal)?;
    let mut work = app.begin(open.operator()).await?;
    if !repo::end(work.conn(), ended).await? {
        return lost(work, ended).await;
    }
    let key = key_of_login(&wanted.login);
    repo::set_agreed(work.conn(), open.id(), ended.account, &key, &wanted.login, &agreed).await?;
    if open.record.trouble_code.is_some() {
        portals::recovered(work.conn(), open.id()).await?;
    }
    work.commit().await
}

/// Notes how it ended, and what that says of the portal.
async fn end(app: &App, open: &Open<'_>, ended: &Ended<'_>, concerns_all: Option<&Trouble>) -> Result<(), Failure> {
    let mut work = app.begin(open.operator()).await?;
    if !repo::end(work.conn(), ended).await? {
        return lost(work, ended).await;
    }
    match concerns_all {
        Some(trouble) => portals::rest(work.conn(), open.record, trouble, app.now()).await?,
        None if open.record.trouble_code.is_some() => portals::recovered(work.conn(), open.id()).await?,
        None => {}
    }
    work.commit().await
}

/// This attempt took longer than its claim, or somebody has said meanwhile whose account it is. What it wrote may have come
/// behind what another one wrote since, so the account is looked at once more.
async fn lost(mut work: Work, ended: &Ended<'_>) -> Result<(), Failure> {
    want(&mut work, &[ended.account.0]).await?;
    repo::let_go(work.conn(), ended).await?;
    work.commit().await
}

fn again_at(now: Timestamp, tries: i64) -> Timestamp {
    let doublings = u32::try_from((tries - 1).clamp(0, 16)).unwrap_or(16);
    Timestamp(now.0 + PAUSE_MS.saturating_mul(1 << doublings).min(LONGEST_PAUSE_MS))
}

/// When Central itself has to switch the account off.
fn off_at(open: &Open<'_>, wanted: &Wanted) -> Option<i64> {
    let ends_by_itself = open.ends_accounts || !wanted.service.enabled;
    wanted.service.until.filter(|_| !ends_by_itself).map(|until| until.0 + 1)
}

fn differs() -> Trouble {
    Trouble {
        concern: Concern::Person,
        code: "differs",
        detail: "The portal accepted the change and shows something else.".to_owned(),
        remedy: "Look at the fields that differ: a tariff may be unknown there, or somebody else changes the account.",
    }
}

fn owner_unmapped(now: Timestamp) -> PortalTrouble {
    PortalTrouble {
        code: "owner_unmapped".to_owned(),
        detail: "The account was written without its reseller, who has no number on this portal.".to_owned(),
        remedy: "Give the reseller its number in the portal's settings.".to_owned(),
        since: now,
    }
}

fn moving(now: Timestamp) -> PortalTrouble {
    PortalTrouble {
        code: "moving".to_owned(),
        detail: "The account is served here until it stands on the portal where its plan is now.".to_owned(),
        remedy: "Nothing is to be done here. If it takes long, look why the other portal does not have it.".to_owned(),
        since: now,
    }
}

fn in_json(differences: &[Difference]) -> Result<String, Failure> {
    serde_json::to_string(differences).map_err(Failure::internal)
}
