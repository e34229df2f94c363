//! SQL of the feed.

mod digest;
mod page;
mod stamp;
mod strays;
mod whole;

pub(crate) use digest::StoredSums;
pub(super) use digest::*;
pub(super) use page::*;
pub(super) use stamp::*;
pub(crate) use stamp::{FeedHead, Place};
pub(super) use strays::*;
pub(super) use whole::*;
