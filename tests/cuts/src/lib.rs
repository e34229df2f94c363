//! One shop's day between a real client and a real Central, in one process, over a line that can be cut after any byte.
//!
//! What a day leaves behind is compared with the same day undisturbed: whatever was cut, after one more try everything
//! must stand where it would have stood.

mod central;
mod clock;
mod day;
mod facts;
mod store;
mod till;

pub use central::{Central, PASSWORD, SHOP};
pub use day::{Between, Day, Played, STEPS, Step};
pub use facts::{Facts, facts};
pub use store::{Engine, Kept, copy_files};
pub use till::Till;

/// A folder in memory where there is one: a cut ends a connection, not the power, and these are opened thousands of times.
pub(crate) fn folder() -> anyhow::Result<tempfile::TempDir> {
    let memory = std::path::Path::new("/dev/shm");
    let mut builder = tempfile::Builder::new();
    builder.prefix("counterfoil-cuts-");
    Ok(if memory.is_dir() { builder.tempdir_in(memory)? } else { builder.tempdir()? })
}
