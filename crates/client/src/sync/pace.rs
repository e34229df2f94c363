//! How long the background waits for what. Tests wait less.

use std::time::Duration;

use counterfoil_wire::live::KEEP_ALIVE_MS;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    /// A live stream that brings nothing at all for this long is dead: two keep-alives are missing.
    pub(crate) silence: Duration,
    /// A stream that held this long ended for no fault of its own.
    pub(crate) steady: Duration,
    /// One change of the network is several events.
    pub(crate) settle: Duration,
    /// How often the clocks are compared, to notice that the machine slept.
    pub(crate) clocks: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            silence: Duration::from_millis(KEEP_ALIVE_MS * 5 / 2),
            steady: Duration::from_mins(1),
            settle: Duration::from_millis(300),
            clocks: Duration::from_secs(5),
        }
    }
}
