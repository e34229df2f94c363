//! Where the sync stands, and the bell that wakes it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use counterfoil_domain::ids::LeaseId;
use counterfoil_domain::time::Timestamp;
use tokio::sync::{Notify, watch};

use super::progress::Progress;
use crate::api::ErrorCode;
use crate::chance;
use crate::clock::Clock;

/// Between syncs when nothing happens and nothing is told.
const IDLE: Duration = Duration::from_secs(30);
/// The same while a live stream tells what happens: only to be sure.
const LIVE_IDLE: Duration = Duration::from_mins(5);
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_mins(5);
/// After Central refused a lease, asking again at once would be refused again.
const TOP_UP_PAUSE: Duration = Duration::from_mins(10);
/// Looking through the cache reads all of it.
const LOOK_PAUSE: Duration = Duration::from_hours(1);

/// The connection, from what really happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connection {
    Untried,
    Online,
    Offline { since: Timestamp },
    Refused { code: ErrorCode },
}

#[derive(Debug)]
pub(crate) struct Control {
    state: Mutex<State>,
    bell: Notify,
    stop: watch::Sender<bool>,
    /// The last run reached Central.
    online: watch::Sender<bool>,
    network: watch::Sender<Moves>,
    /// One run at a time.
    running: tokio::sync::Mutex<()>,
    /// Held by whoever writes an unpacked snapshot; one that was given up may still be at its last bytes.
    pub(super) unpacking: Arc<tokio::sync::Mutex<()>>,
    /// The lease that was asked for last, while it is not known whether Central cut it. One is asked for at a time.
    undecided_lease: tokio::sync::Mutex<Option<LeaseId>>,
    /// Who tells how things stand reads and tells it before the next one reads.
    pub(crate) announcing: tokio::sync::Mutex<()>,
}

/// How often the network changed, and how often it lost something.
#[derive(Debug, Clone, Copy, Default)]
struct Moves {
    changes: u64,
    losses: u64,
}

/// What one task has seen of the network's changes.
#[derive(Debug)]
pub(super) struct NetworkChanges {
    moves: watch::Receiver<Moves>,
    seen: Moves,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct State {
    pub(crate) connection: Connection,
    /// A stream is open that has told where the feed stands.
    pub(crate) live: bool,
    pub(crate) syncing: bool,
    /// Failures in a row.
    pub(crate) attempts: u32,
    pub(crate) next_attempt_at: Option<Timestamp>,
    pub(crate) last_failure: Option<ErrorCode>,
    /// Of a copy that is being made.
    pub(crate) progress: Option<Progress>,
    /// The rows here do not add up to Central's, and reading them again did not help.
    pub(crate) differs: bool,
    top_up_after: Option<Duration>,
    /// The cache is to be looked through.
    suspect: bool,
    look_after: Option<Duration>,
}

impl Default for Control {
    fn default() -> Self {
        let state = State {
            connection: Connection::Untried,
            live: false,
            syncing: false,
            attempts: 0,
            next_attempt_at: None,
            last_failure: None,
            progress: None,
            differs: false,
            top_up_after: None,
            suspect: false,
            look_after: None,
        };
        Self {
            state: Mutex::new(state),
            bell: Notify::new(),
            stop: watch::Sender::new(false),
            online: watch::Sender::new(false),
            network: watch::Sender::default(),
            running: tokio::sync::Mutex::default(),
            unpacking: Arc::default(),
            undecided_lease: tokio::sync::Mutex::default(),
            announcing: tokio::sync::Mutex::default(),
        }
    }
}

impl Control {
    /// Something was done that Central should hear of.
    pub(crate) fn wake(&self) {
        self.bell.notify_one();
    }

    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    pub(super) fn stopped(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// As [`Control::wake`], but does not cut short the pause after a failure: what the stream tells would come again and
    /// again.
    pub(super) fn wake_if_well(&self) {
        if self.state().attempts == 0 {
            self.wake();
        }
    }

    /// Addresses came or, with `lost`, went: connections may be dead, and what failed may go now.
    pub(crate) fn network_changed(&self, lost: bool) {
        self.network.send_modify(|moves| {
            moves.changes += 1;
            moves.losses += u64::from(lost);
        });
    }

    pub(super) fn network(&self) -> NetworkChanges {
        let moves = self.network.subscribe();
        let seen = *moves.borrow();
        NetworkChanges { moves, seen }
    }

    /// Waits until the last run reached Central.
    pub(super) async fn online(&self) {
        let _ = self.online.subscribe().wait_for(|online| *online).await;
    }

    /// True when that is new.
    pub(super) fn set_live(&self, live: bool) -> bool {
        std::mem::replace(&mut self.lock().live, live) != live
    }

    pub(super) async fn woken(&self) {
        self.bell.notified().await;
    }

    pub(crate) fn state(&self) -> State {
        *self.lock()
    }

    pub(crate) async fn undecided_lease(&self) -> tokio::sync::MutexGuard<'_, Option<LeaseId>> {
        self.undecided_lease.lock().await
    }

    /// No run goes on, and none begins, while this is held.
    pub(crate) async fn quiet(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.running.lock().await
    }

    pub(super) fn begin(&self) {
        self.lock().syncing = true;
    }

    /// Returns what was shown before.
    pub(super) fn set_progress(&self, progress: Option<Progress>) -> Option<Progress> {
        std::mem::replace(&mut self.lock().progress, progress)
    }

    pub(super) fn set_differs(&self, differs: bool) {
        self.lock().differs = differs;
    }

    /// A run succeeded.
    pub(super) fn succeeded(&self) {
        let mut state = self.lock();
        state.syncing = false;
        state.progress = None;
        state.connection = Connection::Online;
        state.attempts = 0;
        state.last_failure = None;
        drop(state);
        self.online.send_replace(true);
    }

    /// A run failed. `since` is kept while the device stays offline.
    pub(super) fn failed(&self, code: ErrorCode, offline: bool, now: Timestamp) {
        let mut state = self.lock();
        state.syncing = false;
        state.progress = None;
        state.attempts = state.attempts.saturating_add(1);
        state.last_failure = Some(code);
        state.connection = match (offline, state.connection) {
            (true, Connection::Offline { since }) => Connection::Offline { since },
            (true, _) => Connection::Offline { since: now },
            (false, _) => Connection::Refused { code },
        };
        drop(state);
        self.online.send_replace(false);
    }

    /// How long to wait now, and notes when that is over.
    pub(super) fn pause(&self, retry_after_ms: Option<u64>, now: Timestamp) -> Duration {
        let mut state = self.lock();
        let pause = match (state.attempts, retry_after_ms) {
            (0, _) if state.live => LIVE_IDLE,
            (0, _) => IDLE,
            (_, Some(asked)) => Duration::from_millis(asked).min(LONGEST_RETRY),
            (attempts, None) => full_jitter(attempts, chance::share()),
        };
        let ms = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
        state.next_attempt_at = (state.attempts > 0).then(|| now.plus_ms(ms));
        pause
    }

    pub(crate) fn may_top_up(&self, clock: &dyn Clock) -> bool {
        self.lock().top_up_after.is_none_or(|after| clock.elapsed() >= after)
    }

    pub(crate) fn top_up_refused(&self, clock: &dyn Clock) {
        self.lock().top_up_after = Some(clock.elapsed() + TOP_UP_PAUSE);
    }

    /// A database did not do what was asked. True when the cache is to be looked through for it from now on: once an hour
    /// at most.
    pub(crate) fn suspect_cache(&self, clock: &dyn Clock) -> bool {
        let mut state = self.lock();
        let begins = !state.suspect && state.look_after.is_none_or(|after| clock.elapsed() >= after);
        state.suspect |= begins;
        begins
    }

    pub(super) fn suspects_cache(&self) -> bool {
        self.lock().suspect
    }

    /// The cache was looked through, and made anew where it was damaged.
    pub(crate) fn cache_looked_through(&self, clock: &dyn Clock) {
        let mut state = self.lock();
        state.suspect = false;
        state.look_after = Some(clock.elapsed() + LOOK_PAUSE);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl NetworkChanges {
    /// The next change that was not seen yet.
    pub(super) async fn changed(&mut self) {
        let seen = self.seen.changes;
        self.reach(move |moves| moves.changes > seen).await;
    }

    /// The next change by which something was lost. One by which nothing was is left for [`Self::changed`].
    pub(super) async fn lost(&mut self) {
        let seen = self.seen.losses;
        self.reach(move |moves| moves.losses > seen).await;
    }

    async fn reach(&mut self, reached: impl FnMut(&Moves) -> bool) {
        match self.moves.wait_for(reached).await.map(|moves| *moves) {
            Ok(moves) => self.seen = moves,
            // The control is gone, and soon this task.
            Err(_) => std::future::pending().await,
        }
    }
}

/// How long to wait before the next live stream. One that was refused is asked for again seldom.
pub(super) fn live_pause(failures: u32, refused: bool, retry_after_ms: Option<u64>) -> Duration {
    let share = chance::share();
    match retry_after_ms {
        Some(asked) => Duration::from_millis(asked).min(LONGEST_RETRY) + FIRST_RETRY.mul_f64(share),
        None if refused => LONGEST_RETRY.mul_f64(f64::midpoint(share, 1.0)),
        None => full_jitter(failures, share),
    }
}

/// `rand(0, min(300 s, 1 s · 2^n))`: a thousand tills that lost one server must not come back in step.
fn full_jitter(attempts: u32, share: f64) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    let longest = FIRST_RETRY.saturating_mul(1 << doublings).min(LONGEST_RETRY);
    longest.mul_f64(share.clamp(0.0, 1.0)).max(Duration::from_millis(50))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::central::CentralError;

    #[test]
    fn retries_spread_and_are_bounded() {
        assert_eq!(full_jitter(1, 1.0), Duration::from_secs(1));
        assert_eq!(full_jitter(4, 1.0), Duration::from_secs(8));
        assert_eq!(full_jitter(4, 0.5), Duration::from_secs(4));
        assert_eq!(full_jitter(u32::MAX, 1.0), LONGEST_RETRY);
        assert_eq!(full_jitter(9, 0.0), Duration::from_millis(50));
    }

    /// Central answers 503 when another change or a restart of its database was in the way.
    #[test]
    fn a_busy_central_is_asked_again_when_it_says() {
        let control = Control::default();
        let now = Timestamp(1_000);
        let mut problem: counterfoil_wire::problem::Problem = serde_json::from_value(serde_json::json!({
            "type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": "Try again.",
            "code": "unavailable", "retry_after_ms": 2_000,
        }))
        .expect("a problem");
        let busy = CentralError::Problem(Box::new(problem.clone()));
        control.failed(crate::central::reason(&busy), busy.is_offline(), now);
        assert_eq!(
            control.state().connection,
            Connection::Offline { since: now },
            "no alarm: it is as good as offline"
        );
        assert_eq!(control.pause(busy.retry_after_ms(), now), Duration::from_secs(2));
        assert_eq!(control.state().next_attempt_at, Some(now.plus_ms(2_000)));
        // Nobody may send a shop to sleep for a day.
        problem.retry_after_ms = Some(86_400_000);
        let long = CentralError::Problem(Box::new(problem));
        assert_eq!(control.pause(long.retry_after_ms(), now), LONGEST_RETRY);
        control.succeeded();
        assert_eq!(control.pause(None, now), IDLE);
    }
}
