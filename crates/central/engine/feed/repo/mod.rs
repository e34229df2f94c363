//! SQL of the feed.

mod digest;
mod page;
mod stamp;
mod whole;

pub(super) use digest::*;
pub(super) use page::*;
pub(super) use stamp::*;
pub(super) use whole::*;
