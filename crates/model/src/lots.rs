//! Codes that the operator makes ahead: kept by it, revoked, or given to shops, which pay for them as they get them.

use std::collections::BTreeMap;

use counterfoil_domain::ids::LotId;

use crate::reference::{Reference, Verdict};

/// Where one of them stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Card {
    /// Nobody's, so nobody paid for it.
    Kept,
    /// It was nobody's, and stays so.
    Revoked,
    Sold(Given),
    /// Used by this subscriber.
    Used(Given, usize),
}

/// Whose it is, in which lot of the shop, and what the shop paid for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    pub shop: usize,
    pub lot: LotId,
    pub cost: i64,
}

impl Card {
    pub const fn given(self) -> Option<Given> {
        match self {
            Self::Kept | Self::Revoked => None,
            Self::Sold(given) | Self::Used(given, _) => Some(given),
        }
    }
}

/// What was made together. What stands on the cards stays as it is.
#[derive(Debug, Clone)]
pub struct Printed {
    /// Days.
    pub term: i64,
    pub redeem_by: i64,
    pub cards: BTreeMap<u32, Card>,
}

impl Printed {
    /// Cards that are still kept, from one number to another.
    pub fn kept(&self, from: u32, to: u32) -> Vec<u32> {
        let kept = self.cards.range(from..=to).filter(|(_, card)| **card == Card::Kept);
        kept.map(|(seq, _)| *seq).collect()
    }

    /// Cards that shops have, and revoked ones.
    pub fn gone(&self) -> (i64, i64) {
        let count = |wanted: fn(&Card) -> bool| {
            i64::try_from(self.cards.values().filter(|card| wanted(card)).count()).unwrap_or(i64::MAX)
        };
        (count(|card| card.given().is_some()), count(|card| *card == Card::Revoked))
    }
}

impl Reference {
    /// All that is still kept of these numbers becomes a shop's, at so much each. False: nothing is left, or the wallet cannot
    /// pay for all of it; then nothing happens.
    pub fn allocate(&mut self, stock: LotId, (from, to): (u32, u32), given: Given) -> bool {
        let Some(printed) = self.lots.get_mut(&stock) else { return false };
        let kept = printed.kept(from, to);
        let total = given.cost * i64::try_from(kept.len()).unwrap_or(i64::MAX);
        let shop = &mut self.shops[given.shop];
        if kept.is_empty() || shop.wallet + shop.limit < total {
            return false;
        }
        shop.wallet -= total;
        shop.issued += total;
        for seq in kept {
            printed.cards.insert(seq, Card::Sold(given));
        }
        true
    }

    /// Whether anything was kept that could be revoked. Nobody had paid for it, so nothing is booked.
    pub fn revoke_kept(&mut self, stock: LotId, (from, to): (u32, u32)) -> bool {
        let Some(printed) = self.lots.get_mut(&stock) else { return false };
        let kept = printed.kept(from, to);
        for seq in &kept {
            printed.cards.insert(*seq, Card::Revoked);
        }
        !kept.is_empty()
    }

    /// Somebody brings a card. None: no shop has it yet.
    pub fn redeem_card(&mut self, (stock, seq): (LotId, u32), who: usize, now: i64, today: i64) -> Option<Verdict> {
        let Some(printed) = self.lots.get_mut(&stock) else { return Some(Verdict::Unknown) };
        let Some(card) = printed.cards.get_mut(&seq) else { return Some(Verdict::Unknown) };
        let given = match *card {
            Card::Kept => return None,
            Card::Revoked => return Some(Verdict::Voided),
            Card::Used(_, by) => return Some(if by == who { Verdict::Repeated } else { Verdict::UsedByOther }),
            Card::Sold(_) if now >= printed.redeem_by => return Some(Verdict::TooLate),
            Card::Sold(given) => given,
        };
        *card = Card::Used(given, who);
        let (shop, term) = (&mut self.shops[given.shop], printed.term);
        shop.issued -= given.cost;
        shop.consumed += given.cost;
        Some(Verdict::Activated { last_day: self.serve(who, today, term) })
    }

    /// Every card that a shop has, under the shop's lot and its number.
    pub fn cards_of_shops(&self) -> BTreeMap<(LotId, u32), Card> {
        let all = self.lots.values().flat_map(|printed| &printed.cards);
        all.filter_map(|(seq, card)| Some(((card.given()?.lot, *seq), *card))).collect()
    }

    /// What the cards of a shop cost it.
    pub fn cost_of_cards(&self, shop: usize) -> i64 {
        let all = self.lots.values().flat_map(|printed| printed.cards.values());
        all.filter_map(|card| card.given()).filter(|given| given.shop == shop).map(|given| given.cost).sum()
    }
}
