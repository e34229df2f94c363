//! The double-entry, append-only ledger (product.md rule 4).
//!
//! A transfer moves an amount from one account (debit) to another (credit). Every account has a balance, a floor and a
//! hash-chained list of entries. The contra accounts (funding, consumed) are kept per reseller: no account is shared by
//! all sales, so none is hot, and the equation of a reseller is five balances.

mod account;
mod chain;
mod equation;
mod transfer;

pub use account::AccountKind;
pub use chain::{Entry, EntryHash, genesis_hash};
pub use equation::Equation;
pub use transfer::{SourceEvent, TransferKind};
