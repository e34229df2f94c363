//! What a reseller adds to a provider's price.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// 0 to 50 whole percent of the base price; 10 where nobody said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = u8, minimum = 0, maximum = 50))]
pub struct Markup(u8);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a markup is a whole number of percent from 0 to 50")]
pub struct MarkupError;

impl Markup {
    pub const DEFAULT: Self = Self(10);
    pub const MAX: Self = Self(50);

    pub const fn percent(self) -> u8 {
        self.0
    }
}

impl Default for Markup {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl TryFrom<i64> for Markup {
    type Error = MarkupError;

    fn try_from(percent: i64) -> Result<Self, MarkupError> {
        u8::try_from(percent).ok().filter(|percent| *percent <= Self::MAX.0).map(Self).ok_or(MarkupError)
    }
}

impl From<Markup> for i64 {
    fn from(markup: Markup) -> Self {
        markup.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::{Markup, MarkupError};

    #[test]
    fn nothing_below_0_or_above_50() {
        assert_eq!([0, 50].map(|percent| Markup::try_from(percent).map(i64::from)), [Ok(0), Ok(50)]);
        for percent in [-1, 51, 256, i64::MIN, i64::MAX] {
            assert_eq!(Markup::try_from(percent), Err(MarkupError), "{percent}");
        }
    }
}
