//! The double-entry, append-only ledger (product.md rule 4).
//!
//! A transfer moves an amount from one account (debit) to another (credit). Tracked accounts carry a balance, a floor
//! and a hash-chained list of entries; the operator's contra accounts are untracked: summed over transfers, never
//! locked, so that they are no bottleneck.

mod account;
mod chain;
mod equation;
mod transfer;

pub use account::AccountKind;
pub use chain::{Entry, EntryHash, genesis_hash};
pub use equation::Equation;
pub use transfer::{SourceEvent, TransferKind};
