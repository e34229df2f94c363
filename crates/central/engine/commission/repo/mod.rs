//! SQL of commission.

pub(super) mod due;
pub(super) mod earnings;
pub(super) mod payouts;
pub(super) mod rates;
pub(super) mod resellers;
pub(super) mod rules;
pub(super) mod simulation;
