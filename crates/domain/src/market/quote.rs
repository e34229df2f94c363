//! From a provider's price to what a customer pays, and back.

use thiserror::Error;

use super::markup::Markup;
use super::nanos::{Nanos, NanosError};
use crate::amount::Amount;

/// What some units of an offering cost, exactly and in minor units. Frozen when an order is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// The provider's price of all units.
    pub base: Nanos,
    /// The markup on `base`, rounded half-up to the billionth.
    pub markup: Nanos,
    /// `base` + `markup`.
    pub total: Nanos,
    /// `base` in minor units, rounded half-up: the provider's part.
    pub base_minor: i64,
    /// The rest of `total_minor`: the reseller's part.
    pub markup_minor: i64,
    /// `total` in minor units, rounded half-up: what the customer pays.
    pub total_minor: i64,
}

/// Why something has no price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum QuoteError {
    #[error("an order is for 1 to 1,000 units")]
    Quantity,
    #[error("an order costs 9,000,000,000 at most")]
    TooLarge,
}

impl From<NanosError> for QuoteError {
    fn from(_: NanosError) -> Self {
        Self::TooLarge
    }
}

/// The price of `quantity` units (1 to 1,000) at `unit_base` each, in a currency with `minor_digits` decimals.
pub fn quote(unit_base: Nanos, quantity: u32, markup: Markup, minor_digits: u8) -> Result<Quote, QuoteError> {
    if !(1..=1_000).contains(&quantity) {
        return Err(QuoteError::Quantity);
    }
    let base = Nanos::from_wide(i128::from(unit_base.get()) * i128::from(quantity))?;
    let markup = Nanos::from_wide((i128::from(base.get()) * i128::from(markup.percent()) + 50) / 100)?;
    let total = Nanos::from_wide(i128::from(base.get()) + i128::from(markup.get()))?;
    let (base_minor, total_minor) = (base.to_minor(minor_digits), total.to_minor(minor_digits));
    if total_minor > Amount::MAX {
        return Err(QuoteError::TooLarge);
    }
    Ok(Quote { base, markup, total, base_minor, markup_minor: total_minor - base_minor, total_minor })
}

/// The two parts of a refund, in minor units; they sum to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refund {
    /// Less is owed to the provider.
    pub base: i64,
    /// Less is earned.
    pub markup: i64,
}

/// Takes `amount` back from an order of `base_minor` + `markup_minor` of which `refunded` went back before. Both parts go
/// back in proportion, so that refunds in any steps take exactly what a refund of their sum takes. None: it is not more
/// than nothing, or more than is left.
pub fn refund_split(base_minor: i64, markup_minor: i64, refunded: i64, amount: i64) -> Option<Refund> {
    let total = base_minor.checked_add(markup_minor)?;
    let after = refunded.checked_add(amount)?;
    if amount <= 0 || refunded < 0 || after > total {
        return None;
    }
    let share = |of: i64| {
        let doubled = i128::from(base_minor) * i128::from(of) * 2 + i128::from(total);
        i64::try_from(doubled / (i128::from(total) * 2)).ok()
    };
    let base = share(after)? - share(refunded)?;
    Some(Refund { base, markup: amount - base })
}

/// What customers paid for the units of an order that were not delivered, in minor units and rounded down: where it fails, so
/// much goes back. A refund of more is a favour.
pub fn undelivered_share(total_minor: i64, quantity: i64, delivered: i64) -> i64 {
    let (all, left) = (i128::from(quantity.max(1)), i128::from(quantity) - i128::from(delivered));
    i64::try_from(i128::from(total_minor) * left.max(0) / all).unwrap_or(total_minor)
}

#[cfg(test)]
mod tests {
    use super::{QuoteError, quote, refund_split, undelivered_share};
    use crate::market::{Markup, Nanos};

    fn nanos(text: &str) -> Nanos {
        text.parse().expect(text)
    }

    fn percent(percent: i64) -> Markup {
        Markup::try_from(percent).expect("a markup")
    }

    #[test]
    fn base_and_markup_are_the_total_to_the_billionth_and_to_the_cent() {
        let sold = quote(nanos("12.345678901"), 3, percent(12), 2).expect("a price");
        assert_eq!(sold.base, nanos("37.037036703"));
        assert_eq!(sold.markup, nanos("4.444444404"));
        assert_eq!(sold.total, nanos("41.481481107"));
        assert_eq!((sold.base_minor, sold.markup_minor, sold.total_minor), (3_704, 444, 4_148));
        let none = quote(nanos("0.005"), 1, percent(0), 2).expect("a price");
        assert_eq!((none.base_minor, none.markup_minor, none.total_minor), (1, 0, 1));
    }

    #[test]
    fn what_has_no_price_says_why() {
        assert_eq!(quote(nanos("1"), 0, percent(10), 2), Err(QuoteError::Quantity));
        assert_eq!(quote(nanos("1"), 1_001, percent(10), 2), Err(QuoteError::Quantity));
        assert_eq!(quote(Nanos::MAX, 2, percent(0), 2), Err(QuoteError::TooLarge));
        assert_eq!(quote(Nanos::MAX, 1, percent(1), 2), Err(QuoteError::TooLarge));
    }

    #[test]
    fn what_is_not_delivered_is_a_part_of_the_total() {
        for (total, quantity, delivered, share) in [
            (3_360, 3, 0, 3_360),
            (3_360, 3, 2, 1_120),
            (3_333, 2, 1, 1_666),
            (3_360, 3, 3, 0),
            (0, 3, 0, 0),
            (i64::MAX, 1_000, 0, i64::MAX),
        ] {
            assert_eq!(undelivered_share(total, quantity, delivered), share, "{delivered} of {quantity} at {total}");
        }
    }

    #[test]
    fn refunds_in_any_steps_give_back_exactly_what_was_paid() {
        for (base, markup) in [(3_704, 444), (1, 0), (0, 1), (7, 7), (999, 1)] {
            for step in 1..=base + markup {
                let (mut back, mut of_base, mut of_markup) = (0, 0, 0);
                while back < base + markup {
                    let amount = step.min(base + markup - back);
                    let split = refund_split(base, markup, back, amount).expect("it is left");
                    assert!(split.base >= 0 && split.markup >= 0, "{base}+{markup} after {back}: {split:?}");
                    assert_eq!(split.base + split.markup, amount);
                    (back, of_base, of_markup) = (back + amount, of_base + split.base, of_markup + split.markup);
                }
                assert_eq!((of_base, of_markup), (base, markup));
            }
        }
        for (refunded, amount) in [(0, 0), (0, -1), (0, 101), (60, 41), (i64::MAX, 1)] {
            assert_eq!(refund_split(90, 10, refunded, amount), None);
        }
    }
}
