//! What can happen with payments and payouts.

use crate::chance::Chance;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyStep {
    /// Staff record what a customer paid, or is to pay; now and then the last one again.
    Record { account: u8, amount: u8, how: u8 },
    /// It comes, fails, or is given back.
    Payment { pick: u8, what: u8 },
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
    match chance.below(10) {
        0..=3 => MoneyStep::Record { account: byte, amount: other, how },
        4..=5 => MoneyStep::Payment { pick: byte, what: other },
        6 => MoneyStep::Ask { shop: byte, again: how < 48 },
        _ => MoneyStep::Payout { pick: byte, what: other },
    }
}
