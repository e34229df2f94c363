//! The device's operation log: everything it did, in order, until Central answered and can no longer lose it.

mod error;
pub(crate) mod listing;
pub(crate) mod losses;
mod marks;
pub(crate) mod repo;
mod writer;

pub(crate) use error::LogWriteError;
pub(crate) use marks::{Marks, Writer};
pub(crate) use writer::{About, LogWriter};
