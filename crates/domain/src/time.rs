//! Time as data: whole milliseconds since 1970-01-01 UTC. Clocks live in the callers.

use serde::{Deserialize, Serialize};

/// Unix milliseconds, UTC. Stored as BIGINT and sent as a JSON number by both ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// One day of 24 hours. Deadlines of leases and codes are durations, not calendar days.
    pub const DAY_MS: i64 = 86_400_000;

    /// This instant plus whole days; saturates at the end of time.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.saturating_mul(Self::DAY_MS)))
    }

    /// This instant plus milliseconds; saturates.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant; negative when `earlier` is later.
    pub const fn ms_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}
