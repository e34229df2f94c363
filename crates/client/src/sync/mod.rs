//! Keeping Central and this device in step: what to do next is decided by a pure plan and done by a dull runner.

pub(crate) mod apply;
mod control;
mod error;
mod plan;
mod pull;
mod push;
mod recovery;
mod runner;

pub(crate) use control::{Connection, Control};
pub(crate) use error::SyncError;
pub(crate) use runner::{run_now, start};
