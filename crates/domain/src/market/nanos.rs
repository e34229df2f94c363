//! Prices as providers state them: exact to the billionth.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A price of 0 to 9,000,000,000 in 1e-9 units of a currency. As text it is a plain decimal number, `12.345678901`, with
/// neither sign, exponent nor zeros at its end: a price that comes in goes out as the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, example = "12.345678901"))]
pub struct Nanos(i64);

/// Why a text is not a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NanosError {
    #[error("a price is a plain number such as 12.5, with a point and no sign, spaces or separators")]
    NotANumber,
    #[error("a price has nine decimals at most")]
    TooFine,
    #[error("a price is 9,000,000,000 at most")]
    TooLarge,
}

impl Nanos {
    /// So many make one unit of the currency.
    pub const PER_UNIT: i64 = 1_000_000_000;
    /// The highest price.
    pub const MAX: Self = Self(9_000_000_000 * Self::PER_UNIT);
    pub const ZERO: Self = Self(0);

    pub const fn new(nanos: i64) -> Result<Self, NanosError> {
        match nanos {
            ..0 => Err(NanosError::NotANumber),
            _ if nanos > Self::MAX.0 => Err(NanosError::TooLarge),
            _ => Ok(Self(nanos)),
        }
    }

    /// In 1e-9 units, as it is stored.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// In minor units of a currency with so many decimals, rounded half-up.
    pub fn to_minor(self, minor_digits: u8) -> i64 {
        let step = 10_i64.pow(9 - u32::from(minor_digits.min(9)));
        self.0 / step + i64::from(self.0 % step * 2 >= step)
    }

    pub(super) fn from_wide(nanos: i128) -> Result<Self, NanosError> {
        i64::try_from(nanos).map_err(|_| NanosError::TooLarge).and_then(Self::new)
    }
}

impl std::fmt::Display for Nanos {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, rest) = (self.0 / Self::PER_UNIT, self.0 % Self::PER_UNIT);
        if rest == 0 {
            return write!(f, "{whole}");
        }
        write!(f, "{whole}.{}", format!("{rest:09}").trim_end_matches('0'))
    }
}

impl std::str::FromStr for Nanos {
    type Err = NanosError;

    fn from_str(text: &str) -> Result<Self, NanosError> {
        let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(rest) {
            return Err(NanosError::NotANumber);
        }
        if rest.len() > 9 {
            return Err(NanosError::TooFine);
        }
        let whole: i128 = whole.parse().map_err(|_| NanosError::TooLarge)?;
        let rest: i128 = format!("{rest:0<9}").parse().map_err(|_| NanosError::NotANumber)?;
        let nanos = whole.checked_mul(Self::PER_UNIT.into()).and_then(|whole| whole.checked_add(rest));
        Self::from_wide(nanos.ok_or(NanosError::TooLarge)?)
    }
}

impl TryFrom<String> for Nanos {
    type Error = NanosError;

    fn try_from(text: String) -> Result<Self, NanosError> {
        text.parse()
    }
}

impl From<Nanos> for String {
    fn from(price: Nanos) -> Self {
        price.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{Nanos, NanosError};

    #[test]
    fn text_and_back_without_loss() {
        for text in ["0", "12", "12.5", "0.000000001", "12.345678901", "9000000000"] {
            assert_eq!(text.parse::<Nanos>().expect(text).to_string(), text);
        }
        assert_eq!("012.500".parse::<Nanos>().expect("padded").to_string(), "12.5");
    }

    #[test]
    fn what_is_not_a_price_says_why() {
        for text in ["", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", " 1", "1.2.3", "NaN", "١"] {
            assert_eq!(text.parse::<Nanos>(), Err(NanosError::NotANumber), "{text:?}");
        }
        assert_eq!("1.0000000001".parse::<Nanos>(), Err(NanosError::TooFine));
        for text in ["9000000000.000000001", "99999999999999999999999999999999999999999999"] {
            assert_eq!(text.parse::<Nanos>(), Err(NanosError::TooLarge), "{text}");
        }
        assert_eq!(Nanos::new(-1), Err(NanosError::NotANumber));
    }

    #[test]
    fn minor_units_are_rounded_half_up() {
        let minor = |text: &str, digits| text.parse::<Nanos>().expect(text).to_minor(digits);
        assert_eq!([minor("1.004999999", 2), minor("1.005", 2), minor("1.5", 0), minor("1.4999", 0)], [100, 101, 2, 1]);
        assert_eq!([minor("0.0005", 3), minor("0.000000001", 9), minor("0.000000001", 2)], [1, 1, 0]);
    }
}
