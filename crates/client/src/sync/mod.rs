//! Keeping Central and this device in step: what to do next is decided by a pure plan and done by a dull runner.

pub(crate) mod apply;
mod check;
mod compare;
mod control;
mod copy;
mod error;
mod live;
mod mend;
mod pace;
mod plan;
mod progress;
mod pull;
mod push;
mod recovery;
mod runner;
mod surroundings;

use counterfoil_domain::feed::FeedTable;

pub(crate) use control::{Connection, Control};
pub(crate) use error::SyncError;
pub(crate) use pace::Pace;
pub(crate) use progress::{Phase, Progress};
pub(crate) use runner::{run_now, start};

/// How many tables of the feed this desktop knows: all there are.
const TABLES: u8 = 10;
const _: () = assert!(FeedTable::ALL.len() == TABLES as usize, "every table has a place in the cache");
