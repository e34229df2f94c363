//! Amounts as they stand on paper.

use counterfoil_domain::amount::Currency;

/// Digits after the point; two where it is no currency.
fn digits(currency: &str) -> u32 {
    let known = <[u8; 3]>::try_from(currency.as_bytes()).ok().and_then(|code| Currency::new(code).ok());
    known.map_or(2, |currency| u32::from(currency.minor_digits()))
}

/// `12.40 EUR`
pub(super) fn text(minor: i64, currency: &str) -> String {
    let digits = digits(currency);
    let scale = 10_u64.pow(digits);
    let (whole, rest) = (minor.unsigned_abs() / scale, minor.unsigned_abs() % scale);
    let sign = if minor < 0 { "-" } else { "" };
    if digits == 0 {
        return format!("{sign}{whole} {currency}");
    }
    let width = usize::try_from(digits).unwrap_or(2);
    format!("{sign}{whole}.{rest:0width$} {currency}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_currency_has_its_digits() {
        assert_eq!(text(1_240, "EUR"), "12.40 EUR");
        assert_eq!(text(-5, "EUR"), "-0.05 EUR");
        assert_eq!(text(1_240, "JPY"), "1240 JPY");
        assert_eq!(text(1_240, "KWD"), "1.240 KWD");
    }
}
