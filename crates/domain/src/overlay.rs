//! Read-your-writes: what this device did and Central has not confirmed is laid over the cached rows.

/// Where an overlaid change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Not answered.
    Waiting,
    /// Answered as applied or held, in the transaction that made this feed version.
    Acknowledged { version: i64 },
    /// Refused: the change never happened.
    Rejected,
}

/// Whether the overlay still covers the row, given the feed version the cache has applied.
///
/// An acknowledged change stays until the cache shows it, so that a sale never flickers away between push and pull.
pub const fn covers(progress: Progress, cache_version: i64) -> bool {
    match progress {
        Progress::Waiting => true,
        Progress::Acknowledged { version } => cache_version < version,
        Progress::Rejected => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acknowledged_change_stays_until_the_cache_has_it() {
        assert!(covers(Progress::Waiting, i64::MAX));
        assert!(covers(Progress::Acknowledged { version: 5 }, 4));
        assert!(!covers(Progress::Acknowledged { version: 5 }, 5));
        assert!(!covers(Progress::Rejected, 0));
    }
}
