//! Shares of a price beside an independent reckoning in decimals, over 100,000 invented sales: the parts are the whole to the
//! cent, each line is what its formula says, and the order in which sales are settled does not matter.

use std::collections::BTreeMap;

use counterfoil_domain::amount::{Amount, BasisPoints, Unit};
use counterfoil_domain::commission::{CommissionRules, RateBasis, Sale, SaleKind, Split, Tier, split};
use rust_decimal::{Decimal, RoundingStrategy};

const SALES: usize = 100_000;

/// A number from a number, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % (most + 1)
    }

    fn below(&mut self, most: u16) -> u16 {
        u16::try_from(self.roll(u64::from(most))).expect("small")
    }
}

fn euros(cents: i64) -> Amount {
    let unit: Unit = "EUR".parse().expect("a currency");
    Amount::new(cents, unit).expect("in range")
}

fn rate(value: u16) -> BasisPoints {
    BasisPoints::new(value).expect("a rate")
}

fn invented(dice: &mut Dice) -> Sale {
    // Mostly small prices, where a cent too much shows; some free, some huge.
    let price = match dice.roll(19) {
        0 => 0,
        1 => dice.roll(9_000_000_000_000),
        2..=8 => dice.roll(30),
        _ => dice.roll(20_000),
    };
    Sale {
        price: euros(i64::try_from(price).expect("in range")),
        kind: if dice.roll(1) == 0 { SaleKind::Code } else { SaleKind::Payment },
        fixed_rate: (dice.roll(3) == 0).then(|| rate(dice.below(10_000))),
        active_accounts: u32::from(dice.below(80)),
        uplines: u8::try_from(dice.roll(3)).expect("small"),
    }
}

fn rules(dice: &mut Dice) -> CommissionRules {
    let mut tiers = vec![Tier { from_accounts: 0, rate: rate(dice.below(10_000)) }];
    for _ in 0..dice.roll(4) {
        let from_accounts = tiers.last().expect("one").from_accounts + 1 + u32::from(dice.below(30));
        tiers.push(Tier { from_accounts, rate: rate(dice.below(10_000)) });
    }
    let rules = CommissionRules {
        version: 7,
        code_rate: rate(dice.below(10_000)),
        tiers,
        override_rate: rate(dice.below(5_000)),
        override_levels: u8::try_from(dice.roll(5)).expect("small"),
        cap: rate(dice.below(10_000)),
    };
    rules.check().expect("rules that stand");
    rules
}

/// The same, from the words of the rules alone: decimals instead of integers, and no loop over shares.
fn reckoned(rules: &CommissionRules, sale: &Sale) -> (Vec<Decimal>, Decimal) {
    let price = Decimal::from(sale.price.value());
    let part = |rate: BasisPoints| Decimal::new(i64::from(rate.value()), 4);
    let seller = match (sale.fixed_rate, sale.kind) {
        (Some(fixed), _) => part(fixed),
        (None, SaleKind::Code) => part(rules.code_rate),
        (None, SaleKind::Payment) => {
            let reached: BTreeMap<u32, BasisPoints> =
                rules.tiers.iter().map(|tier| (tier.from_accounts, tier.rate)).collect();
            part(*reached.range(..=sale.active_accounts).next_back().expect("a tier").1)
        }
    };
    let cap = part(rules.cap);
    let levels = usize::from(sale.uplines.min(rules.override_levels));
    let mut wanted = vec![seller];
    wanted.extend(std::iter::repeat_n(part(rules.override_rate), levels));
    let (mut amounts, mut rates_given, mut given) = (Vec::new(), Decimal::ZERO, Decimal::ZERO);
    for wish in wanted {
        let allowed = wish.min(cap - rates_given);
        rates_given += allowed;
        let rounded = (price * allowed).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        let amount = rounded.min((price * cap).floor() - given);
        given += amount;
        amounts.push(amount);
    }
    (amounts, price - given)
}

fn whole(split: &Split) -> i64 {
    split.shares.iter().map(|share| share.amount.value()).sum::<i64>() + split.operator.value()
}

#[test]
fn a_hundred_thousand_sales_are_split_as_an_independent_reckoning_says() {
    let mut dice = Dice(20_261_121);
    let usual = CommissionRules::default();
    for number in 0..SALES {
        let rules = if number % 2 == 0 { usual.clone() } else { rules(&mut dice) };
        let sale = invented(&mut dice);
        let split = split(&rules, &sale).expect("a split");
        let (amounts, operator) = reckoned(&rules, &sale);
        let ours: Vec<Decimal> = split.shares.iter().map(|share| Decimal::from(share.amount.value())).collect();
        assert_eq!((ours, Decimal::from(split.operator.value())), (amounts, operator), "{number} {sale:?} {rules:?}");
        assert_eq!(whole(&split), sale.price.value(), "{number}: the parts are the whole");
        assert!(split.shares.iter().all(|share| share.amount.value() >= 0 && split.operator.value() >= 0), "{number}");
        let rates: u32 = split.shares.iter().map(|share| u32::from(share.rate.value())).sum();
        assert!(rates <= u32::from(rules.cap.value()), "{number}: the cap");
        let shares = i128::from(sale.price.value() - split.operator.value());
        let cap = i128::from(sale.price.value()) * i128::from(rules.cap.value());
        assert!(shares * 10_000 <= cap, "{number}: the cap, in money");
    }
}

#[test]
fn the_order_of_settlement_changes_no_total() {
    let mut dice = Dice(77);
    let rules = CommissionRules::default();
    let mut sales: Vec<Sale> = (0..10_000).map(|_| invented(&mut dice)).collect();
    let totals = |sales: &[Sale]| {
        let mut totals = BTreeMap::<usize, i64>::new();
        for sale in sales {
            let split = split(&rules, sale).expect("a split");
            for (place, share) in split.shares.iter().enumerate() {
                *totals.entry(place).or_default() += share.amount.value();
            }
            *totals.entry(usize::MAX).or_default() += split.operator.value();
        }
        totals
    };
    let first = totals(&sales);
    for at in (1..sales.len()).rev() {
        let other = usize::try_from(dice.roll(at as u64)).expect("small");
        sales.swap(at, other);
    }
    assert_eq!(totals(&sales), first);
}

#[test]
fn a_line_that_rounding_would_carry_past_the_cap_is_cut() {
    let rules = CommissionRules { override_rate: rate(500), cap: rate(3_500), ..CommissionRules::default() };
    let shown = |price, fixed| {
        let sale = Sale {
            price: euros(price),
            kind: SaleKind::Code,
            fixed_rate: Some(rate(fixed)),
            active_accounts: 0,
            uplines: 1,
        };
        let split = split(&rules, &sale).expect("a split");
        let amounts: Vec<i64> = split.shares.iter().map(|share| share.amount.value()).collect();
        (amounts, split.operator.value())
    };
    // 30 % of 0.15 are 4.5 cents, 5 % are 0.75; together at most 35 %, which are 5.25.
    assert_eq!(shown(15, 3_000), (vec![5, 0], 10), "the upline yields");
    // 35 % of 0.10 are 3.5 cents.
    assert_eq!(shown(10, 9_000), (vec![3, 0], 7), "and the seller, where nothing is left to yield");
    assert_eq!(shown(1_000, 3_000), (vec![300, 50], 650), "what rounds to no more than the cap stays");
}

#[test]
fn the_defaults_are_those_of_the_agreement() {
    let rules = CommissionRules::default();
    rules.check().expect("rules that stand");
    let shown = |kind, active_accounts, fixed: Option<u16>, uplines| {
        let sale = Sale { price: euros(1_000), kind, fixed_rate: fixed.map(rate), active_accounts, uplines };
        let split = split(&rules, &sale).expect("a split");
        let amounts: Vec<i64> = split.shares.iter().map(|share| share.amount.value()).collect();
        (amounts, split.operator.value())
    };
    assert_eq!(shown(SaleKind::Code, 0, None, 0), (vec![200], 800));
    assert_eq!(shown(SaleKind::Code, 0, None, 2), (vec![200, 50], 750), "one level of uplines earns");
    for (accounts, share) in [(0, 100), (9, 100), (10, 120), (24, 120), (25, 150), (49, 150), (50, 200), (9_999, 200)] {
        assert_eq!(shown(SaleKind::Payment, accounts, None, 0), (vec![share], 1_000 - share), "{accounts}");
    }
    assert_eq!(shown(SaleKind::Payment, 50, Some(700), 1), (vec![70, 50], 880), "a fixed rate beats a tier");
    assert_eq!(shown(SaleKind::Code, 0, Some(4_800), 1), (vec![480, 20], 500), "the cap cuts the upline");
    assert_eq!(shown(SaleKind::Code, 0, Some(9_000), 1), (vec![500, 0], 500), "and then the seller");
}

#[test]
fn rules_that_cannot_stand_are_told() {
    let with = |change: fn(&mut CommissionRules)| {
        let mut rules = CommissionRules::default();
        change(&mut rules);
        rules.check().map_err(|error| error.to_string())
    };
    assert!(with(|rules| rules.tiers.clear()).is_err());
    assert!(with(|rules| rules.tiers[0].from_accounts = 1).is_err());
    assert!(with(|rules| rules.tiers.swap(1, 2)).is_err());
    assert!(with(|rules| rules.override_levels = 6).is_err());
    let negative = Sale { price: euros(-1), kind: SaleKind::Code, fixed_rate: None, active_accounts: 0, uplines: 0 };
    assert!(split(&CommissionRules::default(), &negative).is_err());
    let free = Sale { price: euros(0), ..negative };
    let shares = split(&CommissionRules::default(), &free).expect("a split").shares;
    assert_eq!((shares.len(), shares[0].amount.value()), (1, 0));
    assert_eq!(shares[0].basis, RateBasis::Codes);
}
