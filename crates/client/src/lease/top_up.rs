//! A second lease before the first runs out, so that the shop need not think of it.

use counterfoil_domain::lease::{LeaseState, LeaseTerms};
use counterfoil_wire::problem::Code;

use super::{HeldLease, LeaseError, Wanted, close, repo, take};
use crate::device::Device;
use crate::till::Till;

/// Below a fifth of what was taken.
const LOW: i64 = 5;

/// Takes a lease when this device never had one or the open ones run low, and closes used-up ones to make room.
///
/// A shop that closed its leases wants none: nothing is taken then. One that was away until they had run out closed none.
/// What counts is Central's time: a clock set years ahead would end every lease as soon as it is taken, and the device would
/// close and take leases for ever.
pub(crate) async fn top_up_if_low(till: &Till, device: &Device) -> Result<(), LeaseError> {
    if device.reseller_id.is_none() || device.quarantined.is_some() || !till.sync.may_top_up(till.clock()) {
        return Ok(());
    }
    let marks = till.writer().await.marks(till.vault(), device.device_id).await?.clone();
    let leases = repo::leases(&mut *till.read().await?, &marks).await?;
    // The keyring was closed and the crash came before the log: say it again.
    for lease in leases.iter().filter(|lease| lease.state == LeaseState::Open && lease.mark.closed) {
        if marks.leases.contains_key(&lease.lease_id) {
            close(till, lease.lease_id).await?;
        }
    }
    let open: Vec<&HeldLease> = leases.iter().filter(|lease| lease.budget().is_open()).collect();
    let wanted = match leases.last() {
        None => true,
        Some(newest) if open.is_empty() => newest.state == LeaseState::Expired && !newest.mark.closed,
        Some(_) => is_low(till, &open),
    };
    if !wanted {
        return Ok(());
    }
    if open.len() >= LeaseTerms::MAX_OPEN_PER_DEVICE {
        let Some(used_up) = open.iter().find(|lease| is_used_up(till, lease)) else { return Ok(()) };
        close(till, used_up.lease_id).await?;
        // The room is there once Central has heard of it.
        return Ok(());
    }
    match take(till, Wanted::default()).await {
        Ok(lease_id) => {
            tracing::info!(%lease_id, "took a lease");
            // The books should show it at once.
            till.sync.wake();
            Ok(())
        }
        Err(LeaseError::Limit) => {
            till.sync.top_up_refused(till.clock());
            Ok(())
        }
        // In the wrong state is an operator without plans: its shops may sell what others offer.
        Err(LeaseError::Central(error))
            if [Code::InsufficientCredit, Code::NotPermitted, Code::WrongState].iter().any(|code| error.is(*code)) =>
        {
            tracing::info!(%error, "no further lease for now");
            till.sync.top_up_refused(till.clock());
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn is_low(till: &Till, open: &[&HeldLease]) -> bool {
    let now = till.central_now();
    let in_time = || open.iter().filter(|lease| now < lease.issue_until);
    let left: i64 = in_time().map(|lease| lease.budget().amount_left()).sum();
    let amount: i64 = open.iter().map(|lease| lease.amount).sum();
    let codes_left: i64 = in_time().map(|lease| i64::from(lease.budget().codes_left())).sum();
    let codes: i64 = open.iter().map(|lease| i64::from(lease.max_codes)).sum();
    left.saturating_mul(LOW) < amount || codes_left.saturating_mul(LOW) < codes
}

/// Nothing can be sold from it any more.
fn is_used_up(till: &Till, lease: &HeldLease) -> bool {
    let cheapest = lease.slots.iter().map(|slot| slot.slot.cost).min().unwrap_or(1);
    till.central_now() >= lease.issue_until || lease.budget().sellable(cheapest) == 0
}
