//! What is true right now, told whenever it changes.

use crate::api::status as shapes;
use crate::api::types::AmountView;
use crate::api::{ApiError, Event};
use crate::audit;
use crate::credit;
use crate::outbox::repo as log;
use crate::selling;
use crate::sync::{Connection, Phase, Progress};
use crate::till::Till;

/// The status strip.
pub(crate) async fn current(till: &Till) -> Result<shapes::Status, ApiError> {
    let device = till.device().await?;
    let state = till.sync.state();
    let connection = match (&device, state.connection) {
        (None, _) => shapes::Connection::None,
        (Some(_), Connection::Online) => shapes::Connection::Online,
        (Some(_), Connection::Offline { since }) => shapes::Connection::Offline { since: since.0 },
        (Some(_), Connection::Untried) => shapes::Connection::Offline { since: till.clock().wall().0 },
        (Some(_), Connection::Refused { code }) => shapes::Connection::Refused { code: code.as_str() },
    };
    let updates = match (&connection, state.live) {
        (shapes::Connection::Online, true) => shapes::Updates::Live,
        (shapes::Connection::Online, false) => shapes::Updates::Polling,
        _ => shapes::Updates::Offline,
    };
    let (unsent, attention) = log::counts(&mut *till.read().await?).await?;
    // A vault that does not answer must not hide the rest of the strip.
    let held = credit::held(till).await.unwrap_or_default();
    let in_hand = selling::in_hand(&held, till.trusted_now()).map(in_hand);
    let balance = match device.as_ref().and_then(|device| device.reseller_id) {
        Some(reseller) => credit::wallet(till, reseller).await?,
        None => None,
    };
    Ok(shapes::Status {
        connection,
        updates,
        last_sync_at: device.as_ref().and_then(|device| device.last_sync_at).map(|at| at.0),
        syncing: state.syncing,
        progress: state.progress.map(progress),
        differs: state.differs,
        unsent,
        attention,
        in_hand,
        low_credit: balance.as_ref().and_then(low_credit),
        balance: balance.map(|wallet| AmountView { value: wallet.available, unit: wallet.unit }),
        quarantined: device.and_then(|device| device.quarantined),
        rewritten: audit::first_break(&mut *till.read().await?).await?.map(Into::into),
    })
}

/// The threshold that the wallet is below.
fn low_credit(wallet: &credit::Wallet) -> Option<AmountView> {
    let threshold = wallet.low.map(|low| low.threshold).filter(|threshold| wallet.available < *threshold)?;
    Some(AmountView { value: threshold, unit: wallet.unit.clone() })
}

fn progress(progress: Progress) -> shapes::SyncProgress {
    let phase = match progress.phase {
        Phase::Fetching => shapes::SyncPhase::Fetching,
        Phase::Unpacking => shapes::SyncPhase::Unpacking,
        Phase::Reading => shapes::SyncPhase::Reading,
    };
    shapes::SyncProgress { phase, done: progress.done, total: progress.total }
}

pub(crate) fn in_hand(in_hand: selling::InHand) -> shapes::InHand {
    shapes::InHand {
        amount: AmountView { value: in_hand.amount, unit: in_hand.unit },
        codes: in_hand.codes,
        until: in_hand.until.0,
    }
}

/// Tells the UI, in the order in which it was read.
pub(crate) async fn announce(till: &Till) {
    let _in_order = till.sync.announcing.lock().await;
    match current(till).await {
        Ok(status) => till.send(Event::Status(Box::new(status))),
        Err(error) => tracing::warn!(%error, "the status cannot be told"),
    }
}
