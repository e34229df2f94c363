//! Holds the live stream while Central can be reached, and wakes the runner when it tells of something new.
//!
//! The stream only ever makes a sync come earlier, and pages ask Central again at once. Without it, through a proxy that
//! forbids or delays it, the runner polls, and they ask after each of its runs; what is told twice, or told and already
//! read, costs nothing.

use counterfoil_domain::feed::Cursor;
use counterfoil_wire::live::{Head, News};
use counterfoil_wire::problem::Code;
use counterfoil_wire::sessions::Audience;
use tokio::time::{Instant, sleep};

use super::SyncError;
use super::control::live_pause;
use super::pace::Pace;
use crate::central::{Address, Heard};
use crate::device;
use crate::status;
use crate::store::StoreError;
use crate::till::{AsDevice, Till};

/// Follows the stream, and opens it again whenever it ends.
pub(super) async fn follow(till: &Till, pace: Pace) {
    let mut network = till.sync.network();
    let mut failures = 0;
    loop {
        // Whether Central is there is the runner's to find out.
        till.sync.online().await;
        let began = Instant::now();
        let error = tokio::select! {
            error = listen(till, pace) => Some(error),
            () = network.lost() => None,
        };
        if till.sync.set_live(false) {
            status::announce(till).await;
        }
        if error.is_none() || began.elapsed() >= pace.steady {
            failures = 0;
        }
        let refused = error.as_ref().is_some_and(is_refusal);
        if let Some(error) = &error {
            tracing::debug!(%error, failures, "no live stream");
            if !refused {
                // Gone, or only the stream? The status must not wait for the next poll to know.
                till.sync.wake_if_well();
            }
        }
        failures += 1;
        let asked = error.and_then(|error| error.central()?.retry_after_ms());
        tokio::select! {
            () = sleep(live_pause(failures, refused, asked)) => {}
            () = network.changed() => {}
        }
    }
}

/// Listens until the stream fails, and says why.
async fn listen(till: &Till, pace: Pace) -> SyncError {
    match listen_on(till, pace).await {
        Ok(never) => match never {},
        Err(error) => error,
    }
}

async fn listen_on(till: &Till, pace: Pace) -> Result<std::convert::Infallible, SyncError> {
    let device = till.device().await?.ok_or(SyncError::NotEnrolled)?;
    let address = Address::parse(&device.server_url)
        .ok_or_else(|| SyncError::Confused("the stored address cannot be read".into()))?;
    let keys = till.keys().await?;
    let asking = AsDevice { address, device: &device, keys: &keys };
    let mut stream = till.central().listen(&asking.address, asking.caller(), pace.silence).await?;
    let mut first = true;
    loop {
        if let Heard::Head(head) = stream.next().await? {
            // What changed before the stream was there, nobody tells.
            if std::mem::take(&mut first) {
                till.tell_news(News::ALL);
            } else {
                till.tell_news(head.news.iter());
            }
            if till.sync.set_live(tells_all(till).await?) {
                status::announce(till).await;
            }
            if is_news(till, head).await? {
                till.sync.wake_if_well();
            }
        }
    }
}

/// Whether the stream tells all that whoever is signed in may hear. It tells what the device may: staff who sit at a shop's till
/// hear only the shop's news by it, so for them the runner polls and pages ask after each of its runs, as without a stream.
pub(super) async fn tells_all(till: &Till) -> Result<bool, SyncError> {
    let of_a_shop = till.device().await?.is_some_and(|device| device.reseller_id.is_some());
    if !of_a_shop {
        return Ok(true);
    }
    let member = device::repo::member(&mut *till.read().await?).await?;
    Ok(member.is_none_or(|member| member.audience != Audience::Admin))
}

/// Whether the cache stands before what Central tells, or in another epoch.
async fn is_news(till: &Till, head: Head) -> Result<bool, SyncError> {
    let read = counterfoil_cache::position(&mut *till.read().await?).await.map_err(StoreError::from)?;
    let Some(read) = read else { return Ok(true) };
    let same_epoch = Cursor::from_text(&read.cursor).is_ok_and(|cursor| cursor.epoch == head.epoch);
    Ok(!same_epoch || read.version < head.version)
}

/// Central will not let this device listen, or knows nothing of streams: asking again soon changes nothing.
fn is_refusal(error: &SyncError) -> bool {
    let codes = [
        Code::DeviceQuarantined,
        Code::ResellerSuspended,
        Code::InvalidSignature,
        Code::NotPermitted,
        Code::NotFound,
        Code::MethodNotAllowed,
    ];
    error.central().is_some_and(|error| codes.iter().any(|code| error.is(*code)))
}
