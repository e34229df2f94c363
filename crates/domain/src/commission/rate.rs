//! The rate that was agreed with a reseller.

use serde::{Deserialize, Serialize};

use crate::amount::BasisPoints;

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
    /// The rate as it is stored: none is by tier. None at all when it is out of range.
    pub fn to_stored(self) -> Option<Option<u16>> {
        match self {
            Self::ByTier => Some(None),
            Self::Fixed { basis_points } => BasisPoints::new(basis_points).ok().map(|rate| Some(rate.value())),
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
            let stored = rate.to_stored().expect("in range");
            assert_eq!(CommissionRate::from_stored(stored.map(i64::from)), Some(rate));
        }
        let whole = CommissionRate::Fixed { basis_points: 10_000 };
        assert_eq!(whole.to_stored(), Some(Some(10_000)));
        assert_eq!(CommissionRate::Fixed { basis_points: 10_001 }.to_stored(), None);
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
