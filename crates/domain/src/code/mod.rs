//! Activation codes: `PREFIX-XXXX-XXXX-XXXX`, 55 secret bits and one check symbol.
//!
//! A code is derived from a lease's (or a lot's) key, so that a device with no network and Central that
//! granted the lease make the same code. Nothing in it can be read back: see docs/OFFLINE.md.

pub(crate) mod alphabet;
mod check;
mod derive;
mod parse;
mod state;
mod wordlist;

pub use derive::{Derivation, SourceId, SourceKey, derive_code, derive_key};
pub use parse::{Code, CodeError, Prefix, did_you_mean};
pub use state::CodeState;
pub use wordlist::{CURRENT_LIST, WordList};

/// Symbols after the prefix.
pub const BODY_SYMBOLS: usize = 12;
