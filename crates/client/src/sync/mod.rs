//! Keeping Central and this device in step: what to do next is decided by a pure plan and done by a dull runner.

pub(crate) mod apply;
mod check;
mod compare;
mod control;
mod copy;
mod error;
mod live;
mod pace;
mod plan;
mod progress;
mod pull;
mod push;
mod recovery;
mod runner;
mod surroundings;

pub(crate) use control::{Connection, Control};
pub(crate) use error::SyncError;
pub(crate) use pace::Pace;
pub(crate) use progress::{Phase, Progress};
pub(crate) use runner::{run_now, start};
