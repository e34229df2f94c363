//! Commission: a reseller's rate, and what a seller and its uplines earn of a price.

mod earning;
mod payout;
mod rate;
mod split;

pub use earning::{EarningState, PayTerms, PayTermsError, SaleFacts};
pub use payout::{PayoutMethod, PayoutState};
pub use rate::CommissionRate;
pub use split::{CommissionRules, RateBasis, RulesError, Sale, SaleKind, Share, Split, SplitError, Tier, split};
