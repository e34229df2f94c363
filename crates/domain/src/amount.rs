//! Money and credits: checked integers that carry their unit (product.md rule 3).

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What an amount counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Days of service.
    Credits,
    /// Minor units of a currency.
    Minor(Currency),
}

/// An ISO 4217 alphabetic code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// A whole number of credits or minor units, within ±(2^53 − 1), so that every JSON reader holds it exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawAmount", into = "RawAmount")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Amount {
    value: i64,
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "EUR"))]
    unit: Unit,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAmount {
    value: i64,
    unit: String,
}

/// Why an amount could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AmountError {
    #[error("the amount is outside ±9,007,199,254,740,991")]
    OutOfRange,
    #[error("amounts of different units cannot be added")]
    UnitMismatch,
    #[error("a unit is \"credits\" or three capital letters such as EUR")]
    UnknownUnit,
    #[error("a rate is between 0 and 10,000 basis points")]
    RateOutOfRange,
}

impl Currency {
    /// Three capital letters.
    pub fn new(code: [u8; 3]) -> Result<Self, AmountError> {
        if code.iter().all(u8::is_ascii_uppercase) { Ok(Self(code)) } else { Err(AmountError::UnknownUnit) }
    }

    pub const fn as_bytes(self) -> [u8; 3] {
        self.0
    }

    /// Decimals of its minor unit (ISO 4217).
    pub const fn minor_digits(self) -> u8 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{}", *b as char))
    }
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Credits => f.write_str("credits"),
            Self::Minor(currency) => currency.fmt(f),
        }
    }
}

impl std::str::FromStr for Unit {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "credits" => Ok(Self::Credits),
            other => {
                let code = <[u8; 3]>::try_from(other.as_bytes()).map_err(|_| AmountError::UnknownUnit)?;
                Currency::new(code).map(Self::Minor)
            }
        }
    }
}

impl Amount {
    /// The largest magnitude: 2^53 − 1.
    pub const MAX: i64 = 9_007_199_254_740_991;

    pub fn new(value: i64, unit: Unit) -> Result<Self, AmountError> {
        if value.unsigned_abs() <= Self::MAX.unsigned_abs() {
            Ok(Self { value, unit })
        } else {
            Err(AmountError::OutOfRange)
        }
    }

    pub const fn zero(unit: Unit) -> Self {
        Self { value: 0, unit }
    }

    pub const fn value(self) -> i64 {
        self.value
    }

    pub const fn unit(self) -> Unit {
        self.unit
    }

    pub fn checked_add(self, other: Self) -> Result<Self, AmountError> {
        self.same_unit(other)?;
        Self::new(self.value.checked_add(other.value).ok_or(AmountError::OutOfRange)?, self.unit)
    }

    pub fn checked_sub(self, other: Self) -> Result<Self, AmountError> {
        self.same_unit(other)?;
        Self::new(self.value.checked_sub(other.value).ok_or(AmountError::OutOfRange)?, self.unit)
    }

    pub fn checked_mul(self, times: i64) -> Result<Self, AmountError> {
        Self::new(self.value.checked_mul(times).ok_or(AmountError::OutOfRange)?, self.unit)
    }

    fn same_unit(self, other: Self) -> Result<(), AmountError> {
        if self.unit == other.unit { Ok(()) } else { Err(AmountError::UnitMismatch) }
    }
}

impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.value, self.unit)
    }
}

impl From<Amount> for RawAmount {
    fn from(amount: Amount) -> Self {
        Self { value: amount.value, unit: amount.unit.to_string() }
    }
}

impl TryFrom<RawAmount> for Amount {
    type Error = AmountError;

    fn try_from(raw: RawAmount) -> Result<Self, AmountError> {
        Self::new(raw.value, raw.unit.parse()?)
    }
}

/// A rate in basis points, 0 to 10,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = u16, maximum = 10_000))]
pub struct BasisPoints(u16);

impl TryFrom<u16> for BasisPoints {
    type Error = AmountError;

    fn try_from(value: u16) -> Result<Self, AmountError> {
        Self::new(value)
    }
}

impl From<BasisPoints> for u16 {
    fn from(rate: BasisPoints) -> Self {
        rate.0
    }
}

impl BasisPoints {
    pub const ZERO: Self = Self(0);

    /// For a rate that is written in the program.
    ///
    /// # Panics
    /// When it is more than the whole.
    pub const fn of(value: u16) -> Self {
        assert!(value <= 10_000, "a rate is at most the whole");
        Self(value)
    }

    /// What is left of it without another rate; nothing where that is more.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    pub fn new(value: u16) -> Result<Self, AmountError> {
        if value <= 10_000 { Ok(Self(value)) } else { Err(AmountError::RateOutOfRange) }
    }

    pub const fn value(self) -> u16 {
        self.0
    }

    /// This share of a non-negative amount, rounded half-up to the unit on this line by itself.
    pub fn share_of(self, whole: Amount) -> Result<Amount, AmountError> {
        self.part_of(whole, 5_000)
    }

    /// The most whole units that are not above this share of a non-negative amount.
    pub fn most_of(self, whole: Amount) -> Result<Amount, AmountError> {
        self.part_of(whole, 0)
    }

    fn part_of(self, whole: Amount, rounding: i128) -> Result<Amount, AmountError> {
        if whole.value < 0 {
            return Err(AmountError::OutOfRange);
        }
        let scaled = i128::from(whole.value) * i128::from(self.0);
        let rounded = (scaled + rounding) / 10_000;
        Amount::new(i64::try_from(rounded).map_err(|_| AmountError::OutOfRange)?, whole.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credits(value: i64) -> Amount {
        Amount::new(value, Unit::Credits).expect("in range")
    }

    #[test]
    fn adding_past_the_bound_is_refused_not_wrapped() {
        assert_eq!(credits(Amount::MAX).checked_add(credits(1)), Err(AmountError::OutOfRange));
        assert_eq!(credits(-Amount::MAX).checked_sub(credits(1)), Err(AmountError::OutOfRange));
        assert_eq!(credits(Amount::MAX).checked_mul(2), Err(AmountError::OutOfRange));
    }

    #[test]
    fn units_never_mix() {
        let euros = Amount::new(1, "EUR".parse().expect("unit")).expect("amount");
        assert_eq!(credits(1).checked_add(euros), Err(AmountError::UnitMismatch));
        assert_eq!("eur".parse::<Unit>(), Err(AmountError::UnknownUnit));
        assert_eq!("EURO".parse::<Unit>(), Err(AmountError::UnknownUnit));
    }

    #[test]
    fn a_share_rounds_half_up_on_its_own_line() {
        for (rate, whole, share) in [(2_000, 999, 200), (500, 10, 1), (500, 9, 0), (10_000, 7, 7), (0, 7, 0)] {
            assert_eq!(BasisPoints::new(rate).expect("rate").share_of(credits(whole)), Ok(credits(share)));
        }
    }

    #[test]
    fn json_carries_the_unit_and_refuses_what_it_does_not_know() {
        let amount: Amount = serde_json::from_str(r#"{"value":1240,"unit":"EUR"}"#).expect("amount");
        assert_eq!(amount.to_string(), "1240 EUR");
        for bad in [
            r#"{"value":9007199254740992,"unit":"EUR"}"#,
            r#"{"value":1,"unit":"euro"}"#,
            r#"{"value":1.5,"unit":"EUR"}"#,
            r#"{"value":1,"unit":"EUR","x":1}"#,
        ] {
            assert!(serde_json::from_str::<Amount>(bad).is_err(), "{bad}");
        }
    }
}
