//! The equation a reseller is shown and Central proves: funded = available + reserved + spent.

use serde::{Deserialize, Serialize};

/// The four figures, in one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Equation {
    /// Everything put in minus everything taken back.
    pub funded: i64,
    /// In the wallet; below zero inside the credit limit.
    pub available: i64,
    /// Escrowed in leases.
    pub reserved: i64,
    /// Sold, activated or not.
    pub spent: i64,
}

impl Equation {
    /// Whether it holds and nothing but the wallet is below zero.
    pub fn holds(&self) -> bool {
        let sum = self.available.checked_add(self.reserved).and_then(|sum| sum.checked_add(self.spent));
        sum == Some(self.funded) && self.reserved >= 0 && self.spent >= 0
    }

    /// The same books with `amount` already sold from leases but not yet seen by Central.
    #[must_use]
    pub const fn with_unsynced_sales(self, amount: i64) -> Self {
        Self { reserved: self.reserved - amount, spent: self.spent + amount, ..self }
    }
}
