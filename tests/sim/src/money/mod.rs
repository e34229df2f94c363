//! Payments that staff and shops record for customers' accounts, and payouts of what shops earned.
//!
//! What a sale earns is not worked out here: the reference takes what is available from Central's books, and sees to it that
//! no payout is more than that, that each is paid once, and that the books and the payouts say the same.

mod acts;
pub(crate) mod checks;
pub(crate) mod story;

use counterfoil_domain::ids::{PaymentId, PayoutId};
use serde_json::Value;

/// A payment as it was recorded, and where.
#[derive(Debug, Clone)]
struct Recorded {
    id: PaymentId,
    body: Value,
    at: Door,
}

/// Who says it: staff, or the shop that has the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    Staff,
    Shop,
}

/// What was asked for so far, in its order; a restored Central may have forgotten some.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    payments: Vec<Recorded>,
    payouts: Vec<(PayoutId, usize)>,
}
