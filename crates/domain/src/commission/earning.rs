//! What is kept of an earning, so that anyone can compute it again.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Sale, SaleKind};
use crate::amount::{Amount, BasisPoints};

/// Where an earning stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum EarningState {
    /// Held back, in case the sale does not stand.
    Pending,
    /// To be had in a payout, or in one that is on its way.
    Available,
    /// A confirmed payout had it.
    Paid,
    /// Taken back.
    Reversed,
}

impl EarningState {
    pub const ALL: [Self; 4] = [Self::Pending, Self::Available, Self::Paid, Self::Reversed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Available => "available",
            Self::Paid => "paid",
            Self::Reversed => "reversed",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// The facts of a sale besides its price, as they were when it counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaleFacts {
    pub kind: SaleKind,
    /// Agreed with the seller; absent where it is paid by the rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_rate: Option<BasisPoints>,
    /// The seller's; not counted for a code, whose rate does not depend on it.
    pub active_accounts: u32,
    /// Resellers above the seller.
    pub uplines: u8,
}

impl SaleFacts {
    /// What [`split`](super::split) takes.
    pub const fn sale(self, price: Amount) -> Sale {
        let Self { kind, fixed_rate, active_accounts, uplines } = self;
        Sale { price, kind, fixed_rate, active_accounts, uplines }
    }
}

/// When an earning can be had, and how much there must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PayTerms {
    /// Days between the sale and the day its earnings can be had.
    pub hold_days: u16,
    /// Of one payout, minor units of the operator's currency.
    pub minimum_payout: i64,
}

impl Default for PayTerms {
    fn default() -> Self {
        Self { hold_days: 7, minimum_payout: 5_000 }
    }
}

/// Why terms cannot stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PayTermsError {
    #[error("earnings wait 0 to 365 days")]
    HoldDays,
    #[error("a payout is of at least one minor unit, and of less than the largest amount")]
    MinimumPayout,
}

impl PayTerms {
    const MOST_DAYS: u16 = 365;

    pub fn check(self) -> Result<(), PayTermsError> {
        if self.hold_days > Self::MOST_DAYS {
            return Err(PayTermsError::HoldDays);
        }
        if (1..=Amount::MAX).contains(&self.minimum_payout) { Ok(()) } else { Err(PayTermsError::MinimumPayout) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_have_bounds() {
        assert_eq!(PayTerms::default().check(), Ok(()));
        let terms = |hold_days, minimum_payout| PayTerms { hold_days, minimum_payout }.check();
        assert_eq!(terms(0, 1), Ok(()));
        assert_eq!(terms(366, 1), Err(PayTermsError::HoldDays));
        assert_eq!(terms(0, 0), Err(PayTermsError::MinimumPayout));
        assert_eq!(terms(0, Amount::MAX + 1), Err(PayTermsError::MinimumPayout));
    }
}
