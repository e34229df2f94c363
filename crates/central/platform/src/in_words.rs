//! Amounts as people read them, for sentences such as "You need 30 credits …".

use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_wire::problem::Code;

use crate::failure::Failure;

/// `30 credits`, `1 credit`, `12.40 EUR`.
pub fn amount(amount: Amount) -> String {
    let value = amount.value();
    match amount.unit() {
        Unit::Credits if value == 1 => "1 credit".to_owned(),
        Unit::Credits => format!("{value} credits"),
        Unit::Minor(currency) => format!("{} {currency}", figure(amount)),
    }
}

/// The figure without its unit: `30`, `12.40`.
pub fn figure(amount: Amount) -> String {
    let Unit::Minor(currency) = amount.unit() else { return amount.value().to_string() };
    let decimals = u32::from(currency.minor_digits());
    let sign = if amount.value() < 0 { "-" } else { "" };
    let digits = amount.value().unsigned_abs();
    let scale = 10_u64.pow(decimals);
    if decimals == 0 {
        return format!("{sign}{digits}");
    }
    let (whole, part) = (digits / scale, digits % scale);
    format!("{sign}{whole}.{part:0width$}", width = decimals as usize)
}

/// "You need 30 credits to create this code, but you only have 15. Buy more credits or choose a shorter plan."
pub fn insufficient(needed: Amount, available: Amount, purpose: &str, way_out: &str) -> Failure {
    let have = match needed.unit() {
        Unit::Credits => available.value().to_string(),
        Unit::Minor(_) => amount(available),
    };
    let more = match needed.unit() {
        Unit::Credits => "Buy more credits",
        Unit::Minor(_) => "Top up the wallet",
    };
    let detail = format!("You need {} {purpose}, but you only have {have}. {more} or {way_out}.", amount(needed));
    Failure::new(Code::InsufficientCredit, detail).amounts(needed, available)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: i64, unit: &str) -> Amount {
        Amount::new(value, unit.parse().expect("unit")).expect("amount")
    }

    #[test]
    fn amounts_read_as_people_write_them() {
        for (value, unit, text) in [
            (30, "credits", "30 credits"),
            (1, "credits", "1 credit"),
            (1_240, "EUR", "12.40 EUR"),
            (-5, "EUR", "-0.05 EUR"),
            (1_240, "JPY", "1240 JPY"),
            (1_240, "KWD", "1.240 KWD"),
            (1_240, "VUV", "1240 VUV"),
        ] {
            assert_eq!(amount(of(value, unit)), text);
        }
    }

    #[test]
    fn a_refusal_says_what_is_needed_what_there_is_and_what_to_do() {
        let failure =
            insufficient(of(30, "credits"), of(15, "credits"), "to create this code", "choose a shorter plan");
        assert_eq!(
            failure.problem().detail,
            "You need 30 credits to create this code, but you only have 15. Buy more credits or choose a shorter plan."
        );
        assert_eq!(failure.problem().available, Some(of(15, "credits")));
    }
}
