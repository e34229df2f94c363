//! What can happen with codes that the operator keeps.

use crate::chance::Chance;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LotStep {
    /// Staff make a lot that nobody has yet, and have it printed.
    Print { plan: u8, count: u8 },
    /// Staff give a shop some of it.
    Allocate { pick: u8, shop: u8, from: u8, many: u8 },
    /// The last allocation is sent again.
    AllocateAgain,
    /// Staff revoke some of it.
    Revoke { pick: u8, from: u8, many: u8 },
    /// A customer brings a card, whoever has it.
    Redeem { pick: u8, seq: u8, who: u8 },
}

impl LotStep {
    /// The kind, for counting.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Print { .. } => "print a lot",
            Self::Allocate { .. } => "allocate codes",
            Self::AllocateAgain => "allocate again",
            Self::Revoke { .. } => "revoke kept codes",
            Self::Redeem { .. } => "redeem a card",
        }
    }
}

pub(crate) fn step(chance: &mut Chance) -> LotStep {
    let (pick, shop, from, many) = (chance.byte(), chance.byte(), chance.byte(), chance.byte());
    match chance.below(12) {
        0..=2 => LotStep::Print { plan: pick, count: many },
        3..=6 => LotStep::Allocate { pick, shop, from, many },
        7 => LotStep::AllocateAgain,
        8 => LotStep::Revoke { pick, from, many },
        _ => LotStep::Redeem { pick, seq: from, who: shop },
    }
}
