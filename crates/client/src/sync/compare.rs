//! Agreeing with a Central that may have been restored from a backup: it is shown the leases it may have lost, and sent
//! again what it forgot.

use counterfoil_domain::oplog::LogHead;
use counterfoil_wire::endpoint::LogTail;
use counterfoil_wire::problem::Code;
use counterfoil_wire::push::LogQuery;

use super::push::forked;
use super::{SyncError, apply};
use crate::api::Topic;
use crate::central::CentralError;
use crate::device;
use crate::lease::{self, LeaseError};
use crate::outbox::{losses, repo};
use crate::store::StoreError;
use crate::till::{AsDevice, Till};

/// A device that Central froze or blocked meanwhile is stopped here, too.
pub(super) async fn stopped(till: &Till, error: CentralError) -> SyncError {
    match error.problem() {
        Some(problem) if matches!(problem.code, Code::DeviceForked | Code::DeviceQuarantined) => {
            forked(till, problem.detail.clone()).await.err().unwrap_or_else(|| error.into())
        }
        _ => error.into(),
    }
}

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
    let tail = match till.central().call::<LogTail>(&asking.address, &[], &query, asking.caller()).await {
        Ok(tail) => tail,
        Err(error) => return Err(stopped(till, error).await),
    };
    match lease::present(till, asking, tail.epoch).await {
        Ok(()) => {}
        // Restored once more in between: the plan comes back here.
        Err(LeaseError::Central(error)) if error.is(Code::EpochChanged) => return Ok(()),
        Err(LeaseError::Central(error)) => return Err(stopped(till, error).await),
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
        for topic in [Topic::Queue, Topic::Codes, Topic::Accounts, Topic::Credit, Topic::Orders, Topic::Selling] {
            till.tell(topic);
        }
    }
    Ok(())
}
