//! The rate that was agreed with a reseller.

use serde::{Deserialize, Serialize};

use crate::amount::{AmountError, BasisPoints};

/// A reseller's rate. A fixed one beats the tiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CommissionRate {
    /// 0 to 10,000 basis points.
    Fixed { basis_points: u16 },
    /// By the size of the reseller at the time of the sale.
    ByTier,
}

impl CommissionRate {
    /// Whether a fixed rate is no more than the whole.
    pub fn is_in_range(self) -> bool {
        match self {
            Self::ByTier => true,
            Self::Fixed { basis_points } => BasisPoints::new(basis_points).is_ok(),
        }
    }

    /// What beats every other rate of a sale; none is by tier.
    ///
    /// # Errors
    /// Where it is more than the whole.
    pub fn fixed(self) -> Result<Option<BasisPoints>, AmountError> {
        match self {
            Self::ByTier => Ok(None),
            Self::Fixed { basis_points } => BasisPoints::new(basis_points).map(Some),
        }
    }

    /// The rate as it is stored, in basis points; none is by tier.
    pub const fn to_stored(self) -> Option<u16> {
        match self {
            Self::ByTier => None,
            Self::Fixed { basis_points } => Some(basis_points),
        }
    }

    /// From the stored rate; none is a damaged row.
    pub fn from_stored(rate_bp: Option<i64>) -> Option<Self> {
        let Some(rate) = rate_bp else { return Some(Self::ByTier) };
        let rate = BasisPoints::new(u16::try_from(rate).ok()?).ok()?;
        Some(Self::Fixed { basis_points: rate.value() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_stored_as_it_was_and_never_above_the_whole() {
        for rate in [CommissionRate::ByTier, CommissionRate::Fixed { basis_points: 0 }] {
            assert!(rate.is_in_range());
            assert_eq!(rate.fixed().map(|rate| rate.map(BasisPoints::value)), Ok(rate.to_stored()));
            assert_eq!(CommissionRate::from_stored(rate.to_stored().map(i64::from)), Some(rate));
        }
        let whole = CommissionRate::Fixed { basis_points: 10_000 };
        assert!(whole.is_in_range() && whole.to_stored() == Some(10_000));
        assert!(!CommissionRate::Fixed { basis_points: 10_001 }.is_in_range());
        for damaged in [-1, 10_001, i64::MAX] {
            assert_eq!(CommissionRate::from_stored(Some(damaged)), None);
        }
    }

    #[test]
    fn by_tier_is_a_word_of_its_own() {
        let by_tier: CommissionRate = serde_json::from_str(r#"{"kind":"by_tier"}"#).expect("rate");
        assert_eq!(by_tier, CommissionRate::ByTier);
        for wrong in ["{}", r#"{"kind":"fixed"}"#, "null"] {
            assert!(serde_json::from_str::<CommissionRate>(wrong).is_err(), "{wrong}");
        }
    }
}
