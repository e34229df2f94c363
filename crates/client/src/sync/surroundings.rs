//! What wakes the sync from outside: the network changed, or the machine slept.

use std::time::Duration;

use counterfoil_domain::time::Timestamp;
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::pace::Pace;
use crate::clock::Clock;
use crate::network::{Change, Network};
use crate::till::Till;

/// More than a busy machine delays a task, less than anyone calls sleep.
const LEAP: Duration = Duration::from_secs(10);

/// Tells the sync of each change. Without a watcher the clocks still show that the machine slept.
pub(super) async fn watch(till: &Till, network: &dyn Network, pace: Pace) {
    let (sender, mut changes) = mpsc::unbounded_channel();
    let tell = Box::new(move |change| {
        // Nobody listening is no failure.
        let _ = sender.send(change);
    });
    let _watching = match network.watch(tell) {
        Ok(watching) => Some(watching),
        Err(error) => {
            tracing::warn!(%error, "changes of the network are not noticed; the sync tries again by its timer");
            None
        }
    };
    let mut clocks = Clocks::read(till.clock());
    loop {
        let change = tokio::select! {
            Some(change) = changes.recv() => change,
            () = sleep(pace.clocks) => {
                if !clocks.leapt(till.clock(), pace.clocks) {
                    continue;
                }
                // Whatever was connected before the sleep is not any more.
                Change::Lost
            }
        };
        sleep(pace.settle).await;
        let mut lost = change == Change::Lost;
        while let Ok(more) = changes.try_recv() {
            lost |= more == Change::Lost;
        }
        tracing::debug!(lost, "the network changed");
        till.central().forget_connections();
        till.sync.network_changed(lost);
        clocks = Clocks::read(till.clock());
    }
}

/// Both clocks at one moment.
struct Clocks {
    wall: Timestamp,
    elapsed: Duration,
}

impl Clocks {
    fn read(clock: &dyn Clock) -> Self {
        Self { wall: clock.wall(), elapsed: clock.elapsed() }
    }

    /// Whether much more time passed than was waited for. The monotonic clock stands still in sleep on some systems and
    /// goes on in others; the wall clock goes on, and may be set by hand, which costs one sync.
    fn leapt(&mut self, clock: &dyn Clock, waited: Duration) -> bool {
        let now = Self::read(clock);
        let wall = u64::try_from(now.wall.ms_since(self.wall)).map_or(Duration::ZERO, Duration::from_millis);
        let elapsed = now.elapsed.saturating_sub(self.elapsed);
        *self = now;
        wall.max(elapsed) > waited + LEAP
    }
}
