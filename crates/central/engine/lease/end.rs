//! The ways a lease ends: the device closes it, somebody revokes it, its time passes.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{LeaseId, OperatorId};
use counterfoil_domain::lease::LeaseState;
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_domain::reseller::{ResellerPath, Scope};
use counterfoil_domain::settlement::{self as rule, LeaseFacts};
use counterfoil_wire::leases::{Lease, RevokeLease};
use serde::Serialize;

use super::error::LeaseError;
use super::record::LeaseRecord;
use super::repo;
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::candidate;
use crate::engine::round::Round;
use crate::engine::settlement::{Books, Movement};
use crate::engine::stored::stored;
use crate::engine::work::Work;

/// Leases that a job looks at together.
const BATCH: i64 = 200;

/// What a device says when it is done with a lease.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Closing {
    pub(crate) last_seq: u32,
    pub(crate) used: i64,
}

/// Closes an open lease under its lock; false when its figures contradict it. What the device sold and lost stays in
/// escrow until `settle_until`.
pub(crate) async fn close(work: &mut Work, lease: &LeaseRecord, closing: Closing) -> Result<bool, Failure> {
    if closing.last_seq > lease.max_codes()? {
        return Ok(false);
    }
    let mut books = Books::lock(work, lease.reseller_id, Some(lease.ledger_account_id), lease.unit()?).await?;
    let facts = LeaseFacts { state: lease.state()?, cut: lease.cut()?, escrow: books.escrow() };
    let Ok(decided) = rule::close(facts, lease.amount, closing.used) else { return Ok(false) };
    let now = work.now();
    if !repo::end(work.conn(), LeaseId(lease.id), LeaseState::Closed.as_str(), None, now).await? {
        return Err(Failure::internal(format!("lease {} left its state under our lock", lease.id)));
    }
    candidate::forget_above(work, lease.id, closing.last_seq).await?;
    let event = SourceEvent::lease_close(LeaseId(lease.id));
    books.post(work, &release(lease, decided.release, event, "closed"))?;
    books.write(work).await?;
    work.touch(FeedTable::Lease, lease.id, &lease.reseller_path);
    Ok(true)
}

fn release(lease: &LeaseRecord, amount: i64, event: SourceEvent, note: &str) -> Movement {
    Movement {
        kind: TransferKind::LeaseRelease,
        from: AccountKind::Lease,
        to: AccountKind::Wallet,
        amount,
        event,
        reference: format!("{:06}", lease.number),
        note: Some(note.to_owned()),
    }
}

#[derive(Serialize)]
struct Revoked<'a> {
    cut: Option<u32>,
    reason: &'a str,
}

/// The lost-laptop switch. The escrow stays for what is honoured up to the cut, and goes back at `settle_until`.
pub(crate) async fn revoke(
    app: &App,
    operator: OperatorId,
    scope: &Scope,
    actor: &Actor,
    id: LeaseId,
    request: &RevokeLease,
) -> Result<Lease, LeaseError> {
    let reason = request.reason.trim();
    if !(1..=500).contains(&reason.chars().count()) {
        return Err(LeaseError::Invalid { field: "reason", message: "say why, in 1 to 500 characters".to_owned() });
    }
    let mut work = app.begin(operator).await?;
    let lease = repo::lock(work.conn(), id).await?.ok_or(LeaseError::Unknown)?;
    let path = stored(ResellerPath::from_stored(&lease.reseller_path), "reseller", "path", lease.reseller_id)?;
    if lease.operator_id != operator.0 || !scope.contains(&path) {
        return Err(LeaseError::Unknown);
    }
    if request.cut.is_some_and(|cut| cut > lease.max_codes().unwrap_or_default()) {
        let message = format!("the lease has the numbers 1 to {}", lease.max_codes);
        return Err(LeaseError::Invalid { field: "cut", message });
    }
    // The same revocation again is answered as before; another cut would rewrite what the shop was told.
    let same = lease.state()? == LeaseState::Revoked && lease.cut()? == request.cut;
    if !same {
        let now = work.now();
        if !repo::revoke(work.conn(), id, request.cut.map(i64::from), now).await? {
            return Err(LeaseError::AlreadyRevoked);
        }
        work.touch(FeedTable::Lease, id, &lease.reseller_path);
        let detail = Revoked { cut: request.cut, reason };
        audit::record(&mut work, actor, "lease.revoke", Some(id.0), audit::NOTHING, Some(&detail)).await?;
    }
    let view = repo::view(work.conn(), id).await?.ok_or(LeaseError::Unknown)?.to_wire()?;
    work.commit().await?;
    Ok(view)
}

/// Gives back what is left in leases whose time to settle is over. Their unseen codes stay redeemable, as late claims
/// on the wallet, until `redeem_by`.
pub(crate) async fn expire(app: &App) -> Result<u32, Failure> {
    expire_in_parts(app, BATCH).await
}

/// The same, so many leases at a time.
pub(crate) async fn expire_in_parts(app: &App, most: i64) -> Result<u32, Failure> {
    let mut round = Round::of(most);
    loop {
        let due = repo::to_release(&mut *app.reader().await?, app.now(), round.part()).await?;
        for (operator, id) in &due {
            round.note(expire_one(app, *operator, *id).await);
        }
        if !round.goes_on(due.len()) {
            return Ok(round.done());
        }
    }
}

async fn expire_one(app: &App, operator: OperatorId, id: LeaseId) -> Result<bool, Failure> {
    let mut work = app.begin(operator).await?;
    let Some(lease) = repo::lock(work.conn(), id).await? else { return Ok(false) };
    let mut books = Books::lock(&mut work, lease.reseller_id, Some(lease.ledger_account_id), lease.unit()?).await?;
    let facts = LeaseFacts { state: lease.state()?, cut: lease.cut()?, escrow: books.escrow() };
    let expiry = rule::expire(facts);
    let now = work.now();
    // Another process may have been first.
    if !repo::release(work.conn(), id, expiry.state.as_str(), now).await? {
        return Ok(false);
    }
    let event = SourceEvent::lease_expiry(id);
    books.post(&mut work, &release(&lease, expiry.release, event, "time to settle is over"))?;
    books.write(&mut work).await?;
    work.touch(FeedTable::Lease, id, &lease.reseller_path);
    work.commit().await?;
    Ok(true)
}

/// Forgets the codes nobody saw of leases that can no longer be redeemed from.
pub(crate) async fn forget(app: &App) -> Result<u32, Failure> {
    let mut round = Round::of(BATCH);
    loop {
        let due = repo::to_forget(&mut *app.reader().await?, app.now(), round.part()).await?;
        for (operator, id) in &due {
            round.note(forget_one(app, *operator, *id).await);
        }
        if !round.goes_on(due.len()) {
            return Ok(round.done());
        }
    }
}

async fn forget_one(app: &App, operator: OperatorId, id: LeaseId) -> Result<bool, Failure> {
    let mut work = app.begin(operator).await?;
    let now = work.now();
    if !repo::forget(work.conn(), id, now).await? {
        return Ok(false);
    }
    candidate::withdraw(&mut work, id.0).await?;
    work.commit().await?;
    Ok(true)
}
