//! Does what the plan says, one exchange at a time, and always has a next time.

use std::sync::Arc;
use std::time::Duration;

use counterfoil_wire::live::News;

use super::copy::Attempt;
use super::plan::{Known, Step, next};
use super::{Pace, SyncError, compare, live, mend, pull, push, recovery, surroundings};
use crate::api::ErrorCode;
use crate::audit;
use crate::brand;
use crate::central::Address;
use crate::device;
use crate::direct;
use crate::lease;
use crate::network::Network;
use crate::outbox::repo as log;
use crate::status;
use crate::store::StoreError;
use crate::till::{AsDevice, Till};

/// Exchanges of one run at most; what is left waits for the next. A million rows are 500 pages.
const MAX_STEPS: u32 = 5_000;
/// Between looks at how old is what was taken along of portals.
const PORTALS_LOOKED_AT: Duration = Duration::from_mins(5);

/// Starts what an open till does in the background: syncs, the live stream, a watch on the network.
pub(crate) fn start(till: &Arc<Till>, network: Arc<dyn Network>, pace: Pace) -> tokio::task::JoinHandle<()> {
    let till = Arc::clone(till);
    tokio::spawn(async move {
        let mut stopped = till.sync.stopped();
        let all = async {
            let watched = surroundings::watch(&till, network.as_ref(), pace);
            tokio::join!(keep_in_step(&till), live::follow(&till, pace), watched, keep_portals(&till))
        };
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stop| *stop) => {}
            _ = all => {}
        }
    })
}

/// Takes along anew what portals need that can be used without Central. Beside the syncs, which do not wait for it.
async fn keep_portals(till: &Till) {
    loop {
        till.sync.online().await;
        direct::renew_old(till).await;
        tokio::time::sleep(PORTALS_LOOKED_AT).await;
    }
}

/// Syncs, and always has a next time.
async fn keep_in_step(till: &Till) {
    let mut network = till.sync.network();
    loop {
        let outcome = tokio::select! {
            outcome = run_now(till) => outcome,
            // The exchange in flight may wait for an answer on a connection that is gone.
            () = network.lost() => continue,
        };
        let retry_after = outcome.err().and_then(|error| error.central()?.retry_after_ms());
        let pause = till.sync.pause(retry_after, till.clock().wall());
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            // Central asked for patience, and a sale can wait for that.
            () = till.sync.woken(), if retry_after.is_none() => {}
            () = network.changed() => {}
        }
    }
}

/// One whole sync, or the end of the one that runs.
pub(crate) async fn run_now(till: &Till) -> Result<(), SyncError> {
    let _one_at_a_time = till.sync.quiet().await;
    if till.device().await?.is_none() {
        return Ok(());
    }
    till.sync.begin();
    status::announce(till).await;
    let outcome = match run(till).await {
        Err(error) => Err(push::stopped(till, error).await),
        done => done,
    };
    match &outcome {
        Ok(()) => {
            till.sync.succeeded();
            // Somebody else may have signed in since the stream last told something.
            if till.sync.state().live && !live::tells_all(till).await.unwrap_or(true) {
                till.sync.set_live(false);
            }
            if !till.sync.state().live {
                till.tell_news(News::ALL);
            }
        }
        Err(error) => {
            let offline = error.central().is_some_and(crate::central::CentralError::is_offline);
            if offline {
                tracing::debug!(%error, "offline");
            } else {
                tracing::warn!(%error, "the sync stopped");
            }
            if error.code() == ErrorCode::StorageFailed {
                till.sync.suspect_cache(till.clock());
            }
            till.sync.failed(error.code(), offline, till.clock().wall());
        }
    }
    status::announce(till).await;
    outcome
}

async fn run(till: &Till) -> Result<(), SyncError> {
    mend::cache(till).await?;
    let mut pulled = false;
    let mut attempt = Attempt::default();
    for _ in 0..MAX_STEPS {
        let device = till.device().await?.ok_or(SyncError::NotEnrolled)?;
        let address = Address::parse(&device.server_url)
            .ok_or_else(|| SyncError::Confused("the stored address cannot be read".into()))?;
        let keys = till.keys().await?;
        let asking = AsDevice { address, device: &device, keys: &keys };
        let gaps = log::gaps(&mut *till.read().await?).await?;
        let known = Known {
            quarantined: device.quarantined.is_some(),
            compared: device.epoch.is_some(),
            head: device.head,
            acked: device.acked,
            gap: gaps.first().copied(),
            whole_to: gaps.get(1).map_or(device.head.seq, |gap| gap.after.seq),
            pulled,
        };
        match next(&known) {
            Step::Compare => compare::compare(till, &asking).await?,
            Step::AskLog { gap } => recovery::ask(till, &asking, gap).await?,
            Step::Push { base, lost, through } => {
                push::push(till, &asking, base, lost, through).await?;
                // What was pushed comes back in the feed.
                pulled = false;
            }
            Step::Pull => {
                pulled = !pull::pull(till, &asking, &mut attempt).await?;
                lease::end_as_central(till).await?;
            }
            Step::Done => {
                audit::tell(till, &asking).await?;
                finish(till, &device).await?;
                brand::fetch_logo(till).await;
                return Ok(());
            }
        }
    }
    tracing::info!("the sync goes on with the next run");
    till.sync.wake();
    Ok(())
}

/// After the last page: leases that are missing or run low, and the time of this sync.
async fn finish(till: &Till, device: &device::Device) -> Result<(), SyncError> {
    let mut transaction = till.store().write_local().await?;
    device::repo::synced(&mut transaction, till.clock().wall()).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    if let Some(reason) = &device.quarantined {
        tracing::debug!(%reason, "only reading: this device is frozen");
        return Ok(());
    }
    lease::recover(till, device).await?;
    lease::top_up_if_low(till, device).await?;
    Ok(())
}
