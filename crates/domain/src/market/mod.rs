//! What others deliver and resellers sell: exact prices, markups, orders (product.md X1 to X3).
//!
//! A provider's price is exact to 1e-9 of its currency ([`Nanos`]). A customer pays whole minor units, and the ledger
//! knows nothing else: [`Quote`] says how one becomes the other.

mod details;
mod markup;
mod nanos;
mod order;
mod quote;

pub use details::{Details, DetailsError};
pub use markup::{Markup, MarkupError};
pub use nanos::{Nanos, NanosError};
pub use order::{OfferingStatus, OrderSource, OrderState, OrderStep, ProviderStatus, RelationshipStatus};
pub use quote::{Quote, QuoteError, Refund, quote, refund_split, undelivered_share};
