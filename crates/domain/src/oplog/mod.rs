//! The device's operation log: contiguous, hash-chained, answered once.

mod chain;
mod op;
mod outcome;

pub use chain::{Accepted, Arrival, Known, LogError, LogHead, Lost, accept};
pub use op::{Op, OpBody, OpError, SCHEMA};
pub use outcome::{OpOutcome, RejectCode};
