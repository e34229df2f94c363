//! How far a long sync is, for the status strip.

use crate::status;
use crate::till::Till;

/// What takes long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Bytes of a snapshot.
    Fetching,
    /// Bytes of the file in it.
    Unpacking,
    /// Rows, page by page; how many there are is not known.
    Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) phase: Phase,
    pub(crate) done: u64,
    pub(crate) total: Option<u64>,
}

/// Notes it, and tells it where it would show.
pub(super) async fn tell(till: &Till, phase: Phase, done: u64, total: Option<u64>) {
    let now = Progress { phase, done, total };
    let before = till.sync.set_progress(Some(now));
    let shows = before.is_none_or(|before| before.phase != phase || percent(before) != percent(now) || total.is_none());
    if shows {
        status::announce(till).await;
    }
}

/// Counts rows read page by page.
pub(super) async fn tell_rows(till: &Till, more: usize) {
    let before = till.sync.state().progress.filter(|progress| progress.phase == Phase::Reading);
    let done = before.map_or(0, |progress| progress.done).saturating_add(more as u64);
    tell(till, Phase::Reading, done, None).await;
}

fn percent(progress: Progress) -> Option<u64> {
    progress.total.map(|total| progress.done.saturating_mul(100) / total.max(1))
}
