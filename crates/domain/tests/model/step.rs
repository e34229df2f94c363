//! One random step. Steps name what they touch by a number taken modulo what there is, so that any list of steps is a
//! story and stays one while it shrinks.

use proptest::prelude::*;

/// How a push fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Arrives,
    /// Central has it, the device does not know.
    AnswerLost,
    /// On its way; a later `Deliver` brings it.
    Delayed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Sell {
        machine: u8,
        plan: u8,
        quantity: u8,
        crash: bool,
    },
    Grant {
        machine: u8,
        size: u8,
        answer_lost: bool,
    },
    Push {
        machine: u8,
        at_most: u8,
        fate: Fate,
        pipelined: bool,
    },
    /// A request sent before arrives, for the first time or again.
    Deliver {
        machine: u8,
        pick: u8,
    },
    Pull {
        machine: u8,
        rows: u8,
    },
    Redeem {
        pick: u8,
        who: u8,
        typed: u8,
    },
    /// A code that was already redeemed, by the same or another person.
    RedeemAgain {
        pick: u8,
        who: u8,
    },
    Void {
        machine: u8,
        pick: u8,
        crash: bool,
    },
    Close {
        machine: u8,
        pick: u8,
        crash: bool,
    },
    BackUp {
        machine: u8,
    },
    Restore {
        machine: u8,
        pick: u8,
    },
    /// Database and keyring, both.
    Clone {
        machine: u8,
    },
    /// Somebody redeems a code of the lease that was never sold.
    Mint {
        lease: u8,
        slot: u8,
        seq: u8,
        who: u8,
    },
    /// A tampered client writes a sale without asking the rule.
    Forge {
        machine: u8,
        pick: u8,
        slot: u8,
        seq: u8,
    },
    Revoke {
        lease: u8,
        cut: u8,
    },
    Approve {
        pick: u8,
    },
    TopUp {
        shop: u8,
        amount: u8,
    },
    Withdraw {
        shop: u8,
        amount: u8,
    },
    Reprice {
        plan: u8,
        price: u8,
    },
    Days {
        days: u8,
    },
    /// Moves a machine's wall clock.
    Skew {
        machine: u8,
        by: u8,
    },
    ExpireDue,
}

impl Step {
    /// The share of each kind is the room it has in 0..100.
    fn from_bytes([kind, a, b, c]: [u8; 4]) -> Self {
        match kind {
            0..20 => Self::Sell { machine: a, plan: b, quantity: c % 4, crash: c >= 224 },
            20..29 => Self::Grant { machine: a, size: b, answer_lost: c >= 208 },
            29..43 => Self::Push { machine: a, at_most: b % 8, fate: fate(c), pipelined: c % 5 == 4 },
            43..46 => Self::Deliver { machine: a, pick: b },
            46..50 => Self::Pull { machine: a, rows: b % 6 },
            50..59 => Self::Redeem { pick: a, who: b, typed: c },
            59..62 => Self::RedeemAgain { pick: a, who: b },
            62..66 => Self::Void { machine: a, pick: b, crash: c >= 224 },
            66..69 => Self::Close { machine: a, pick: b, crash: c >= 224 },
            69..72 => Self::BackUp { machine: a },
            72..76 => Self::Restore { machine: a, pick: b },
            76 => Self::Clone { machine: a },
            77 => Self::Mint { lease: a, slot: b, seq: c, who: c / 8 },
            78..80 => Self::Forge { machine: a, pick: b, slot: b / 16, seq: c },
            80..82 => Self::Revoke { lease: a, cut: b },
            82..84 => Self::Approve { pick: a },
            84..88 => Self::TopUp { shop: a, amount: b },
            88..92 => Self::Withdraw { shop: a, amount: b },
            92..94 => Self::Reprice { plan: a, price: b },
            94..97 => Self::Days { days: a },
            97 => Self::Skew { machine: a, by: b },
            _ => Self::ExpireDue,
        }
    }
}

fn fate(byte: u8) -> Fate {
    match byte {
        0..176 => Fate::Arrives,
        176..216 => Fate::AnswerLost,
        _ => Fate::Delayed,
    }
}

/// Steps of the longest story.
pub(crate) const LONGEST: usize = 120;

/// A story of up to `longest` steps.
pub(crate) fn stories(longest: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = (0_u8..100, any::<u8>(), any::<u8>(), any::<u8>());
    prop::collection::vec(step.prop_map(|(kind, a, b, c)| Step::from_bytes([kind, a, b, c])), 1..=longest)
}
