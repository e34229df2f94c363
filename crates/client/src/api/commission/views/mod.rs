//! What the UI is shown of commission and payouts.

mod earnings;
mod payouts;
mod report;
mod rules;

pub use earnings::*;
pub use payouts::*;
pub use report::*;
pub use rules::*;

pub(super) fn count(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
