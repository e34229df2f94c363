//! Where the sync stands, and the bell that wakes it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use counterfoil_domain::time::Timestamp;
use tokio::sync::{Notify, watch};

use crate::api::ErrorCode;
use crate::chance;
use crate::clock::Clock;

/// Between syncs when nothing happens.
const IDLE: Duration = Duration::from_secs(30);
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_mins(5);
/// After Central refused a lease, asking again at once would be refused again.
const TOP_UP_PAUSE: Duration = Duration::from_mins(10);

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
    /// One run at a time.
    pub(super) running: tokio::sync::Mutex<()>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct State {
    pub(crate) connection: Connection,
    pub(crate) syncing: bool,
    /// Failures in a row.
    pub(crate) attempts: u32,
    pub(crate) next_attempt_at: Option<Timestamp>,
    pub(crate) last_failure: Option<ErrorCode>,
    top_up_after: Option<Duration>,
}

impl Default for Control {
    fn default() -> Self {
        let state = State {
            connection: Connection::Untried,
            syncing: false,
            attempts: 0,
            next_attempt_at: None,
            last_failure: None,
            top_up_after: None,
        };
        Self {
            state: Mutex::new(state),
            bell: Notify::new(),
            stop: watch::Sender::new(false),
            running: tokio::sync::Mutex::default(),
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

    pub(super) async fn woken(&self) {
        self.bell.notified().await;
    }

    pub(crate) fn state(&self) -> State {
        *self.lock()
    }

    pub(super) fn begin(&self) {
        self.lock().syncing = true;
    }

    /// A run succeeded.
    pub(super) fn succeeded(&self) {
        let mut state = self.lock();
        state.syncing = false;
        state.connection = Connection::Online;
        state.attempts = 0;
        state.last_failure = None;
    }

    /// A run failed. `since` is kept while the device stays offline.
    pub(super) fn failed(&self, code: ErrorCode, offline: bool, now: Timestamp) {
        let mut state = self.lock();
        state.syncing = false;
        state.attempts = state.attempts.saturating_add(1);
        state.last_failure = Some(code);
        state.connection = match (offline, state.connection) {
            (true, Connection::Offline { since }) => Connection::Offline { since },
            (true, _) => Connection::Offline { since: now },
            (false, _) => Connection::Refused { code },
        };
    }

    /// How long to wait now, and notes when that is over.
    pub(super) fn pause(&self, retry_after_ms: Option<u64>, now: Timestamp) -> Duration {
        let mut state = self.lock();
        let pause = match (state.attempts, retry_after_ms) {
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

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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

    #[test]
    fn retries_spread_and_are_bounded() {
        assert_eq!(full_jitter(1, 1.0), Duration::from_secs(1));
        assert_eq!(full_jitter(4, 1.0), Duration::from_secs(8));
        assert_eq!(full_jitter(4, 0.5), Duration::from_secs(4));
        assert_eq!(full_jitter(u32::MAX, 1.0), LONGEST_RETRY);
        assert_eq!(full_jitter(9, 0.0), Duration::from_millis(50));
    }
}
