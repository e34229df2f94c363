//! A device's copy of Central's rows: the file, how rows of the feed go in, and what they add up to.
//!
//! Below both ends, because both write such a file: the desktop page by page, and Central whole, as a snapshot for a
//! device to move into place. Nothing precious is in it.

mod digest;
mod error;
mod fill;
#[cfg(test)]
mod order_tests;
mod pages;
mod position;
mod repairs;
mod rows;
mod schema;
#[cfg(test)]
mod search_tests;
#[cfg(test)]
mod tests;
mod verify;
mod versions;

pub use digest::{digests, recount};
pub use error::CacheError;
pub use fill::Fill;
pub use pages::{apply, clear};
pub use position::{Position, position, set_position, void_position};
pub use repairs::{Repair, note_repair, repairs};
pub use schema::{SCHEMA, create, migrate};
pub use verify::{verify, verify_schema};
