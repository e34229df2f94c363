//! Credit packs: credits that resellers buy at once, and the discount of the larger ones.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::amount::{Amount, BasisPoints};

/// Archived packs stay in history and can no longer be bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PackStatus {
    Active,
    Archived,
}

impl PackStatus {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        [Self::Active, Self::Archived].into_iter().find(|s| s.as_str() == name)
    }
}

/// What an operator starts with: name, credits (days) and price in minor units.
pub const DEFAULT_PACKS: [(&str, i64, i64); 3] =
    [("Starter", 900, 5_000), ("Business", 3_600, 18_000), ("Enterprise", 10_800, 50_000)];

/// What a person enters for a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackDraft<'a> {
    pub name: &'a str,
    pub credits: i64,
    /// Minor units.
    pub price: i64,
    /// The term of the plans it is meant for, in days.
    pub term_days: Option<i64>,
}

/// One thing wrong with a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PackError {
    #[error("a pack's name has 1 to 60 characters")]
    Name,
    #[error("a pack has 1 to 100,000,000 credits")]
    Credits,
    #[error("a price is not negative")]
    Price,
    #[error("a term is 1 to 3,660 days")]
    Term,
}

impl PackDraft<'_> {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Vec<PackError> {
        let mut wrong = Vec::new();
        if self.name.trim().is_empty() || self.name.trim().chars().count() > 60 {
            wrong.push(PackError::Name);
        }
        if !(1..=100_000_000).contains(&self.credits) {
            wrong.push(PackError::Credits);
        }
        if !(0..=Amount::MAX).contains(&self.price) {
            wrong.push(PackError::Price);
        }
        if self.term_days.is_some_and(|days| !(1..=3_660).contains(&days)) {
            wrong.push(PackError::Term);
        }
        wrong
    }
}

/// What credits cost together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// More than zero.
    pub credits: i64,
    /// Minor units, not negative.
    pub price: i64,
}

impl Rate {
    /// The dearer of two by the price of one credit.
    fn dearer(self, other: Self) -> Self {
        let (one, two) = (i128::from(self.price), i128::from(other.price));
        if two * i128::from(self.credits) > one * i128::from(other.credits) { other } else { self }
    }

    /// How much less a credit costs here than at the dearest of `others`, of that price: 1 − price ∕ dearest price,
    /// rounded half-up to the basis point. Zero where it is the dearest, and where everything is free.
    pub fn discount(self, others: impl IntoIterator<Item = Self>) -> BasisPoints {
        let dearest = others.into_iter().filter(|rate| rate.credits > 0).fold(self, Self::dearer);
        let whole = i128::from(dearest.price) * i128::from(self.credits);
        let less = whole - i128::from(self.price) * i128::from(dearest.credits);
        let points = if whole > 0 { (less * 20_000 + whole) / (whole * 2) } else { 0 };
        u16::try_from(points).ok().and_then(|points| BasisPoints::new(points).ok()).unwrap_or(BasisPoints::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defaults() -> Vec<Rate> {
        DEFAULT_PACKS.map(|(_, credits, price)| Rate { credits, price }).to_vec()
    }

    #[test]
    fn the_dearest_pack_has_no_discount_and_the_others_their_share_of_its_price() {
        let points: Vec<u16> = defaults().iter().map(|rate| rate.discount(defaults()).value()).collect();
        // 5.5556 cents a day, 5 cents, 4.6296 cents.
        assert_eq!(points, [0, 1_000, 1_667]);
    }

    #[test]
    fn a_discount_is_rounded_half_up_and_stays_between_nothing_and_everything() {
        let dearest = Rate { credits: 1, price: 20_000 };
        for (price, points) in [(20_000, 0), (19_999, 1), (19_998, 1), (19_997, 2), (0, 10_000), (1, 10_000)] {
            assert_eq!(Rate { credits: 1, price }.discount([dearest]).value(), points, "{price}");
        }
        let free = Rate { credits: 30, price: 0 };
        assert_eq!(free.discount([free]).value(), 0);
        // One that is not among the others and dearer than all: nothing off.
        assert_eq!(Rate { credits: 1, price: 9 }.discount(defaults()).value(), 0);
        assert_eq!(defaults()[0].discount([]).value(), 0);
    }

    #[test]
    fn the_largest_amounts_do_not_overflow() {
        let large = Rate { credits: Amount::MAX, price: Amount::MAX };
        assert_eq!(large.discount([Rate { credits: 1, price: Amount::MAX }]).value(), 10_000);
    }

    #[test]
    fn a_draft_is_told_everything_that_is_wrong_with_it() {
        let draft = PackDraft { name: " ", credits: 0, price: -1, term_days: Some(0) };
        assert_eq!(draft.check(), [PackError::Name, PackError::Credits, PackError::Price, PackError::Term]);
        for (name, credits, price) in DEFAULT_PACKS {
            assert!(PackDraft { name, credits, price, term_days: Some(30) }.check().is_empty());
        }
    }
}
