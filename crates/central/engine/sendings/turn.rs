//! One turn of a sending: claimed, looked at, begun, sent, noted.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, SendingId};
use counterfoil_domain::portal::{SendingState, Unserved};
use counterfoil_domain::time::Timestamp;
use counterfoil_portals::{
    Addressee, Checked, Concern, Order, Portal, Sent, Trouble, broadcast, check_batch, send_batch,
};
use counterfoil_wire::boxes::BoxAction;
use counterfoil_wire::sendings::UnservedAccount;
use uuid::Uuid;

use super::repo::{self, Batch, Claim, Tally};
use crate::engine::App;
use crate::engine::portals::{self, PortalRecord, told};
use crate::engine::stored::stored;
use crate::engine::work::Work;

/// Longer than a look and a call may take together, or four packages each with their looks.
const CLAIM_MS: i64 = 5 * 60_000;
/// The pause while the portal is away; doubled each time up to the longest.
const PAUSE_MS: i64 = 15_000;
const LONGEST_PAUSE_MS: i64 = 5 * 60_000;
/// What was not sent a day later is not what somebody wanted to say.
const EXPIRY_MS: i64 = 24 * 3_600_000;

/// Sendings that began before it are given up.
pub(super) fn too_old(now: Timestamp) -> Timestamp {
    Timestamp(now.0 - EXPIRY_MS)
}

/// A sending on a portal that may be written to.
pub(super) struct Open<'a> {
    pub(super) id: SendingId,
    pub(super) record: &'a PortalRecord,
    pub(super) portal: &'a Portal,
}

/// A batch that somebody took on.
struct Taken {
    claim: Claim,
    order: Order,
    batch: Batch,
    boxes: Vec<Addressee>,
}

impl Open<'_> {
    fn operator(&self) -> OperatorId {
        OperatorId(self.record.operator_id)
    }
}

/// Sends the next batch. False when somebody else is at it, or nothing is left.
pub(super) async fn turn(app: &App, open: &Open<'_>) -> Result<bool, Failure> {
    let Some(taken) = take(app, open).await? else { return Ok(false) };
    // The look comes before the batch is begun: a portal that is away leaves nothing unknown.
    let checked = if taken.claim.broadcast {
        Checked::default()
    } else {
        match check_batch(open.portal, &taken.boxes).await {
            Ok(checked) => checked,
            Err(trouble) => return wait(app, open, &taken, &trouble, false).await.map(|()| true),
        }
    };
    if !begin(app, open, &taken).await? {
        return let_go(app, open, &taken).await.map(|()| true);
    }
    let sent = if taken.claim.broadcast {
        let all = u64::try_from(taken.batch.accounts).map_err(Failure::internal)?;
        broadcast(open.portal, &taken.order, all).await
    } else {
        send_batch(open.portal, &taken.order, &checked.there).await
    };
    match &sent.nothing {
        Some(trouble) => wait(app, open, &taken, trouble, true).await?,
        None => note(app, open, &taken, checked, sent).await?,
    }
    Ok(true)
}

/// Claims the sending, tells what a dead one left, and finds the next batch. Ends the sending where there is none.
async fn take(app: &App, open: &Open<'_>) -> Result<Option<Taken>, Failure> {
    let id = open.id;
    let mut work = app.begin(open.operator()).await?;
    let now = work.now();
    let Some(claim) = repo::claim(work.conn(), id, now, Timestamp(now.0 + CLAIM_MS)).await? else {
        return Ok(None);
    };
    let action: BoxAction = stored(serde_json::from_str(&claim.what).ok(), "sending", "what", id)?;
    let order = stored(Order::of(&action).ok(), "sending", "what", id)?;
    let state = stored(SendingState::from_stored(&claim.state), "sending", "state", id)?;
    let goes_on = matches!(state, SendingState::Waiting | SendingState::Sending);
    for left in repo::begun(work.conn(), id).await? {
        // Looked at before and after, it can be done again.
        if goes_on && order.is_read_back() {
            repo::put_back(work.conn(), id, left.number).await?;
        } else {
            lose(&mut work, id, claim.claim, &left, "Central stopped while it was being sent.").await?;
        }
    }
    let next = repo::next(work.conn(), id).await?;
    let ends = match (goes_on, &next) {
        (false, _) => Some(state),
        (true, None) => Some(SendingState::Done),
        (true, Some(_)) if claim.created_at <= too_old(now).0 => Some(SendingState::Expired),
        (true, Some(_)) => None,
    };
    if let Some(state) = ends {
        repo::close(work.conn(), id, claim.claim, state, now).await?;
    }
    work.commit().await?;
    let Some(batch) = next.filter(|_| ends.is_none()) else { return Ok(None) };
    let boxes = addressees(id, &batch)?;
    Ok(Some(Taken { claim, order, batch, boxes }))
}

fn addressees(id: SendingId, batch: &Batch) -> Result<Vec<Addressee>, Failure> {
    stored(serde_json::from_str(&batch.boxes).ok(), "sending_batch", "boxes", id)
}

async fn begin(app: &App, open: &Open<'_>, taken: &Taken) -> Result<bool, Failure> {
    let mut work = app.begin(open.operator()).await?;
    let (now, claim, number) = (work.now(), taken.claim.claim, taken.batch.number);
    let begun = repo::begin(work.conn(), open.id, claim, number, now, Timestamp(now.0 + CLAIM_MS)).await?;
    if begun {
        work.commit().await?;
    }
    Ok(begun)
}

/// It was cancelled meanwhile: whoever comes next ends it.
async fn let_go(app: &App, open: &Open<'_>, taken: &Taken) -> Result<(), Failure> {
    let mut work = app.begin(open.operator()).await?;
    let now = work.now();
    repo::release(work.conn(), open.id, taken.claim.claim, now, None).await?;
    work.commit().await
}

/// Nothing of the batch was sent, and it is tried again later.
async fn wait(app: &App, open: &Open<'_>, taken: &Taken, trouble: &Trouble, begun: bool) -> Result<(), Failure> {
    let mut work = app.begin(open.operator()).await?;
    let (now, claim) = (work.now(), taken.claim.claim);
    if !repo::add(work.conn(), open.id, claim, Tally::default()).await? {
        return Ok(());
    }
    if begun {
        repo::put_back(work.conn(), open.id, taken.batch.number).await?;
    }
    let doublings = u32::try_from(taken.claim.tries.clamp(0, 16)).unwrap_or(16);
    let pause = PAUSE_MS.saturating_mul(1 << doublings).min(LONGEST_PAUSE_MS);
    let why = told(trouble, now);
    repo::release(work.conn(), open.id, claim, Timestamp(now.0 + pause), Some(&why)).await?;
    if trouble.concern == Concern::Portal {
        portals::rest(work.conn(), open.record, trouble, now).await?;
    }
    work.commit().await
}

/// Notes what became of a batch, and lets go for the next.
async fn note(app: &App, open: &Open<'_>, taken: &Taken, checked: Checked, sent: Sent) -> Result<(), Failure> {
    let mut work = app.begin(open.operator()).await?;
    let now = work.now();
    let unserved: Vec<UnservedAccount> = checked.skipped.into_iter().chain(sent.unserved).collect();
    let count = |outcome: Unserved| -> i64 {
        let of = unserved.iter().filter(|one| one.outcome == outcome);
        // A broadcast that failed names nobody and failed for all.
        of.map(|one| if one.username.is_none() { taken.batch.accounts } else { 1 }).sum()
    };
    let tally = Tally {
        served: i64::try_from(sent.served).map_err(Failure::internal)?,
        failed: count(Unserved::Failed),
        unknown: count(Unserved::Unknown),
        skipped: count(Unserved::Skipped),
    };
    if !repo::add(work.conn(), open.id, taken.claim.claim, tally).await? {
        // Whoever took it over has told this batch as unknown already.
        return Ok(());
    }
    let unserved = serde_json::to_string(&unserved).map_err(Failure::internal)?;
    repo::end(work.conn(), open.id, taken.batch.number, &unserved).await?;
    repo::release(work.conn(), open.id, taken.claim.claim, now, None).await?;
    if open.record.trouble_code.is_some() {
        portals::recovered(work.conn(), counterfoil_domain::ids::PortalId(open.record.id)).await?;
    }
    work.commit().await
}

/// A batch of which nobody knows what became of it.
async fn lose(work: &mut Work, id: SendingId, claim: i64, batch: &Batch, why: &str) -> Result<(), Failure> {
    let boxes = addressees(id, batch)?;
    let unknown =
        |username: Option<String>| UnservedAccount { username, outcome: Unserved::Unknown, detail: why.to_owned() };
    let lost: Vec<_> = if boxes.is_empty() {
        vec![unknown(None)]
    } else {
        boxes.into_iter().map(|one| unknown(Some(one.login))).collect()
    };
    let lost = serde_json::to_string(&lost).map_err(Failure::internal)?;
    repo::add(work.conn(), id, claim, Tally { unknown: batch.accounts, ..Tally::default() }).await?;
    repo::end(work.conn(), id, batch.number, &lost).await?;
    Ok(())
}

/// After a backup was restored nobody knows which batches were sent since: none of them is sent again.
pub(crate) async fn end_after_restore(work: &mut Work) -> Result<(), Failure> {
    let (operator, now) = (work.operator(), work.now());
    let unfinished: Vec<(Uuid, i64)> = repo::unfinished(work.conn(), operator).await?;
    for (id, claim) in unfinished {
        let id = SendingId(id);
        for batch in repo::open(work.conn(), id).await? {
            lose(work, id, claim, &batch, "Central was restored from a backup made before or while it was sent.")
                .await?;
        }
        repo::close(work.conn(), id, claim, SendingState::Cancelled, now).await?;
    }
    Ok(())
}
