//! Leases: credits escrowed for one device, so that it can sell with no network (docs/OFFLINE.md).

mod blob;
mod budget;
mod share;
mod state;
mod terms;

pub use blob::{BlobError, SignedLease};
pub use budget::{LeaseBudget, MAX_QUANTITY, Refusal, Reservation, Watermark, plan_sale, trusted_now};
pub use share::WalletShare;
pub use state::LeaseState;
pub use terms::{LeaseTerms, Slot, TermsError, default_amount};
