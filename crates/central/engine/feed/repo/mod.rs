//! SQL of the feed.

mod digest;
mod page;
mod stamp;
mod whole;

pub(crate) use digest::StoredSums;
pub(super) use digest::*;
pub(super) use page::*;
pub(crate) use stamp::Place;
pub(super) use stamp::*;
pub(super) use whole::*;
