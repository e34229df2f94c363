//! What can happen with payments and payouts.

use super::Door;
use crate::chance::Chance;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyStep {
    /// Staff, or the shop itself, record what a customer paid, or is to pay; now and then the last one again.
    Record { account: u8, amount: u8, how: u8, at: Door },
    /// It comes, fails, or is given back, which is for staff to say.
    Payment { pick: u8, what: u8, at: Door },
    /// A shop asks for all that is available; now and then as it asked before.
    Ask { shop: u8, again: bool },
    /// Staff approve, send, confirm or fail a payout.
    Payout { pick: u8, what: u8 },
}

impl MoneyStep {
    /// The kind, for counting.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Record { .. } => "record a payment",
            Self::Payment { .. } => "step of a payment",
            Self::Ask { .. } => "ask for a payout",
            Self::Payout { .. } => "step of a payout",
        }
    }
}

pub(crate) fn step(chance: &mut Chance) -> MoneyStep {
    let (byte, other, how) = (chance.byte(), chance.byte(), chance.byte());
    let at = if chance.one_in(2) { Door::Shop } else { Door::Staff };
    match chance.below(10) {
        0..=3 => MoneyStep::Record { account: byte, amount: other, how, at },
        4..=5 => MoneyStep::Payment { pick: byte, what: other, at },
        6 => MoneyStep::Ask { shop: byte, again: how < 48 },
        _ => MoneyStep::Payout { pick: byte, what: other },
    }
}
