//! Codes that the operator makes ahead: staff make lots and keep them, give parts of them to shops, and revoke parts; customers
//! bring the cards, also those that no shop has yet.

mod acts;
pub(crate) mod checks;
pub(crate) mod story;

use counterfoil_domain::ids::{LotId, PlanId};
use serde_json::Value;

/// A lot as it was printed, also one that a restored Central forgot.
#[derive(Debug, Clone)]
struct Printed {
    lot: LotId,
    /// The first part of its serials.
    number: u32,
    plan: PlanId,
    /// By their numbers, from 1 on.
    codes: Vec<String>,
}

/// An allocation as it was sent, and the shop's lot that it makes.
#[derive(Debug, Clone)]
struct Sent {
    lot: LotId,
    body: Value,
}

/// All that was printed, and what was allocated last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Album {
    printed: Vec<Printed>,
    sent: Option<Sent>,
}
