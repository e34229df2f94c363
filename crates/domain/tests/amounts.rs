//! Amounts never wrap and never mix; shares add up.

use counterfoil_domain::amount::{Amount, AmountError, BasisPoints, Unit};
use counterfoil_domain::ledger::Equation;
use counterfoil_domain::subscription::{End, extend, zone};
use counterfoil_domain::time::Timestamp;
use proptest::prelude::*;

fn unit() -> impl Strategy<Value = Unit> {
    prop_oneof![Just(Unit::Credits), "[A-Z]{3}".prop_map(|code| code.parse().expect("three capitals"))]
}

fn amounts() -> impl Strategy<Value = Amount> {
    let value = prop_oneof![-Amount::MAX..=Amount::MAX, -1_000..1_000_i64, Just(Amount::MAX), Just(-Amount::MAX)];
    (value, unit()).prop_map(|(value, unit)| Amount::new(value, unit).expect("in range"))
}

/// What 128 bits say, when it fits.
fn exact(value: i128, unit: Unit) -> Result<Amount, AmountError> {
    i64::try_from(value).map_err(|_| AmountError::OutOfRange).and_then(|value| Amount::new(value, unit))
}

/// A failure prints its smallest input; that belongs into a test with a name, not into a file beside.
fn kept_nowhere() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(kept_nowhere())]

    #[test]
    fn sums_are_exact_or_refused(a in amounts(), b in amounts(), times in any::<i64>()) {
        let (x, y) = (i128::from(a.value()), i128::from(b.value()));
        let same = Amount::new(b.value(), a.unit()).expect("in range");
        prop_assert_eq!(a.checked_add(same), exact(x + y, a.unit()));
        prop_assert_eq!(a.checked_sub(same), exact(x - y, a.unit()));
        prop_assert_eq!(a.checked_mul(times), exact(x * i128::from(times), a.unit()));
        if a.unit() != b.unit() {
            prop_assert_eq!(a.checked_add(b), Err(AmountError::UnitMismatch));
            prop_assert_eq!(a.checked_sub(b), Err(AmountError::UnitMismatch));
        }
    }

    #[test]
    fn nothing_outside_the_range_is_an_amount(value in any::<i64>(), unit in unit()) {
        let inside = (-Amount::MAX..=Amount::MAX).contains(&value);
        prop_assert_eq!(Amount::new(value, unit).is_ok(), inside);
    }

    #[test]
    fn json_reads_back(amount in amounts()) {
        let text = serde_json::to_string(&amount).expect("plain data");
        prop_assert_eq!(serde_json::from_str::<Amount>(&text).expect("its own text"), amount);
    }

    /// Each line is rounded by itself from the whole, the operator takes the rest: nothing appears, nothing is lost,
    /// and no line is off by more than half a unit.
    #[test]
    fn the_parts_of_a_sale_are_the_whole(whole in 0..=Amount::MAX, mut rates in prop::collection::vec(0..=5_000_u16, 0..4)) {
        while rates.iter().map(|rate| u32::from(*rate)).sum::<u32>() > 9_000 {
            rates.pop();
        }
        let whole = Amount::new(whole, Unit::Credits).expect("in range");
        let mut rest = whole;
        for rate in &rates {
            let share = BasisPoints::new(*rate).expect("rate").share_of(whole).expect("in range");
            let off = i128::from(share.value()) * 10_000 - i128::from(whole.value()) * i128::from(*rate);
            prop_assert!((-4_999..=5_000).contains(&off), "{rate}: off by {off} ten-thousandths");
            rest = rest.checked_sub(share).expect("in range");
        }
        let shares = rates.iter().map(|rate| BasisPoints::new(*rate).expect("rate").share_of(whole).expect("in range"));
        let sum = shares.fold(rest, |sum, share| sum.checked_add(share).expect("in range"));
        prop_assert_eq!(sum, whole);
        // Half a unit for each line is the most rounding can take from the operator.
        prop_assert!(rest.value() >= -2);
    }

    #[test]
    fn the_equation_never_wraps(funded in any::<i64>(), available in any::<i64>(), reserved in any::<i64>(), spent in any::<i64>()) {
        let equation = Equation { funded, available, reserved, spent };
        let sum = i128::from(available) + i128::from(reserved) + i128::from(spent);
        prop_assert_eq!(equation.holds(), sum == i128::from(funded) && reserved >= 0 && spent >= 0);
    }

    /// A term is never short: whole days of service, counted from the later of now and the end, and never less for
    /// being bought in two pieces. (A zone that skips a calendar day, as Apia did in 2011, skips it in terms too.)
    #[test]
    fn terms_add_up(now in 0..4_000_000_000_000_i64, first in 1..=3_660_u16, second in 1..=300_u16,
        name in prop::sample::select(vec!["Europe/Berlin", "Asia/Tehran", "America/St_Johns", "Etc/UTC"])) {
        let zone = zone(name).expect("a zone");
        let now = Timestamp(now);
        let end = |current: Option<End>, days| extend(now, current, days, &zone).expect("inside the calendar");
        let once = end(None, first + second);
        let twice = end(Some(end(None, first)), second);
        prop_assert_eq!(once, twice);
        prop_assert!(once.at.ms_since(now) >= i64::from(first + second) * Timestamp::DAY_MS - 2 * 3_600_000);
    }
}
