//! Both ends' clocks stand still, so that the same day always says the same.

use std::time::Duration;

use counterfoil_domain::time::Timestamp;

/// 2026-11-21 00:00 UTC.
pub(crate) const TODAY: Timestamp = Timestamp(1_795_219_200_000);

#[derive(Debug)]
pub(crate) struct StoppedClock;

impl counterfoil_client::Clock for StoppedClock {
    fn wall(&self) -> Timestamp {
        TODAY
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}
