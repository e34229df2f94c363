//! Reading stored values that have fewer legal forms than their column: what is not one of them is a damaged row, told
//! with its place and never taken for a default.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::{Amount, Currency, Unit};

/// The value, or a fault that says where it stands.
pub(crate) fn stored<T>(
    value: Option<T>,
    table: &str,
    column: &str,
    row: impl std::fmt::Display,
) -> Result<T, Failure> {
    value.ok_or_else(|| Failure::internal(format!("damaged row: {table}.{column} of {row}")))
}

/// A stored unit: `credits` or a currency.
pub(crate) fn stored_unit(text: &str, table: &str, row: impl std::fmt::Display) -> Result<Unit, Failure> {
    stored(text.parse().ok(), table, "unit", row)
}

/// A stored number with its unit.
pub(crate) fn stored_amount(
    value: i64,
    unit: Unit,
    table: &str,
    row: impl std::fmt::Display,
) -> Result<Amount, Failure> {
    stored(Amount::new(value, unit).ok(), table, "amount", row)
}

/// A stored number in the width its type has.
pub(crate) fn stored_number<T: TryFrom<i64>>(
    value: i64,
    table: &str,
    column: &str,
    row: impl std::fmt::Display,
) -> Result<T, Failure> {
    stored(T::try_from(value).ok(), table, column, row)
}

/// Stored bytes of a fixed length.
pub(crate) fn stored_bytes<const N: usize>(
    value: &[u8],
    table: &str,
    column: &str,
    row: impl std::fmt::Display,
) -> Result<[u8; N], Failure> {
    stored(value.try_into().ok(), table, column, row)
}

/// A stored currency.
pub(crate) fn stored_currency(text: &str, table: &str, row: impl std::fmt::Display) -> Result<Currency, Failure> {
    match text.parse() {
        Ok(Unit::Minor(currency)) => Ok(currency),
        _ => stored(None, table, "currency", row),
    }
}
