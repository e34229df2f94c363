//! A disk under SQLite that fills up, fails and loses power on demand.
//!
//! [`Disk::at`] puts a folder of SQLite files on such a disk. The layer is installed once for the whole process as
//! SQLite's default file system and hands everything on to the real one; files outside of any such folder are not
//! touched by it. So no program under test needs a setting for it.
//!
//! What is counted is every **event** that changes something: a write, a truncation, a sync, a deletion, and whatever
//! else a test counts as one ([`Disk::event`], for a keyring or a network of the same machine). [`Disk::cut_after`]
//! says at which event the power goes. From then on every event fails, as it would for a process that is gone, and
//! [`Disk::power_on`] decides what became of the writes that no sync had confirmed: each is kept, lost, or torn at a
//! sector.

mod disk;
#[allow(unsafe_code, reason = "the C interface of SQLite's file systems")]
mod vfs;

pub use disk::{Disk, Fate};
