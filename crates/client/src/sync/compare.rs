//! Agreeing with a Central that may have been restored from a backup: it is shown the leases it may have lost, and sent
//! again what it forgot.

use counterfoil_domain::oplog::LogHead;
use counterfoil_wire::endpoint::LogTail;
use counterfoil_wire::problem::Code;
use counterfoil_wire::push::LogQuery;

use super::push::forked;
use super::{SyncError, apply};
use crate::api::Topic;
use crate::device;
use crate::lease::{self, LeaseError};
use crate::outbox::{losses, repo};
use crate::store::StoreError;
use crate::till::{AsDevice, Till};

/// The next step of a sync compares first.
pub(super) async fn again(till: &Till) -> Result<(), SyncError> {
    let mut transaction = till.store().write_local().await?;
    device::repo::set_epoch(&mut transaction, None).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(())
}

/// Finds out what Central has. The leases go first: an operation on one that Central does not know would be refused for
/// ever.
pub(super) async fn compare(till: &Till, asking: &AsDevice<'_>) -> Result<(), SyncError> {
    // Only where Central stands is asked for, not what it has.
    let query = LogQuery { after: u32::MAX };
    let tail = till.central().call::<LogTail>(&asking.address, &[], &query, asking.caller()).await?;
    match lease::present(till, asking, tail.epoch).await {
        Ok(()) => {}
        // Restored once more in between: the plan comes back here.
        Err(LeaseError::Central(error)) if error.is(Code::EpochChanged) => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    let (head, acked) = (tail.head, asking.device.acked);
    let mut transaction = till.store().write_local().await?;
    let forgot = head.seq < acked.seq;
    if forgot {
        let known = match head.seq {
            0 => Some(LogHead::genesis(asking.device.device_id)),
            seq => repo::head_at(&mut transaction, seq).await?,
        };
        if known.is_some_and(|known| known.hash != head.hash) {
            drop(transaction);
            return forked(till, format!("the logs differ at {}", head.seq)).await;
        }
        losses::reopen(&mut transaction, head, acked).await?;
        device::repo::set_acked(&mut transaction, head).await?;
        tracing::warn!(had = acked.seq, has = head.seq, "Central forgot operations: they are sent again");
    }
    device::repo::set_epoch(&mut transaction, Some(tail.epoch)).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    if forgot {
        // Its versions start again below what the cache has read: a row could be passed over for ever.
        apply::forget(till).await?;
        till.tell(Topic::Queue);
        apply::tell(till);
    }
    Ok(())
}
