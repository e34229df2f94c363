//! What can happen on the market.

use crate::chance::Chance;
use crate::story::{Trouble, Weather, trouble, weather};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarketStep {
    /// A customer orders on the public market; `sight` says whether what was shown still holds.
    Order { who: u8, shop: u8, offering: u8, quantity: u8, sight: u8, weather: Weather },
    /// The last customer sends the same again.
    OrderAgain { weather: Weather },
    /// A shop writes an order for a customer, placed or as a draft.
    WriteOrder { shop: u8, offering: u8, quantity: u8, draft: bool, weather: Weather },
    /// A shop writes one of its drafts anew, and may place it with the same; sometimes it is no draft any more, and where there
    /// is none it writes one.
    EditDraft { pick: u8, offering: u8, quantity: u8, place: bool, weather: Weather },
    /// A shop takes a step of an order, at the desk or through a till. Central's power goes at the event `cut`, but for 0.
    Work { pick: u8, what: u8, weather: Weather, cut: u8 },
    /// The last step of a desk once more, under its id.
    WorkAgain { weather: Weather },
    /// A machine records a delivery in its log.
    Deliver { machine: u8, pick: u8, units: u8, trouble: Trouble },
    /// The machine is asked for its last delivery again.
    DeliverAgain { machine: u8, trouble: Trouble },
    /// All machines of a shop deliver the same order, none knowing of the others, and then tell Central.
    DeliverTogether { pick: u8, weather: Weather },
    /// A shop changes its markup, or stops selling for a while.
    Markup { shop: u8, markup: u8, status: u8 },
    /// Staff change the price of an offering, add to its stock, or withdraw it for a while.
    Offer { offering: u8, price: u8, more: u8 },
    /// Staff record that the provider was paid.
    Settle { shop: u8, sum: u8 },
}

impl MarketStep {
    /// The kind, for counting.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Order { .. } => "customer orders",
            Self::OrderAgain { .. } => "customer orders again",
            Self::WriteOrder { .. } => "shop writes an order",
            Self::EditDraft { .. } => "shop changes a draft",
            Self::Work { .. } => "shop works on an order",
            Self::WorkAgain { .. } => "shop repeats a step",
            Self::Deliver { .. } => "deliver in the field",
            Self::DeliverAgain { .. } => "deliver again",
            Self::DeliverTogether { .. } => "deliver at once",
            Self::Markup { .. } => "change a markup",
            Self::Offer { .. } => "change an offering",
            Self::Settle { .. } => "settle",
        }
    }
}

pub(crate) fn step(chance: &mut Chance) -> MarketStep {
    let (machine, shop, pick, byte, other) =
        (chance.byte(), chance.byte(), chance.byte(), chance.byte(), chance.byte());
    match chance.below(51) {
        0..=7 => {
            let (who, sight) = (machine, other);
            MarketStep::Order { who, shop, offering: byte, quantity: pick, sight, weather: weather(chance) }
        }
        8 => MarketStep::OrderAgain { weather: weather(chance) },
        9..=12 => {
            let draft = other < 96;
            MarketStep::WriteOrder { shop, offering: byte, quantity: pick, draft, weather: weather(chance) }
        }
        13..=26 => {
            // Where Central's power goes, the network is fair: two things at once explain nothing.
            let cut = if byte < 32 { 1 + other % 40 } else { 0 };
            let weather = if cut > 0 { Weather(0) } else { weather(chance) };
            MarketStep::Work { pick, what: shop, weather, cut }
        }
        27..=28 => MarketStep::WorkAgain { weather: weather(chance) },
        29..=38 => MarketStep::Deliver { machine, pick, units: other, trouble: trouble(chance) },
        39 => MarketStep::DeliverAgain { machine, trouble: trouble(chance) },
        40..=41 => MarketStep::DeliverTogether { pick, weather: weather(chance) },
        42..=43 => MarketStep::Markup { shop, markup: byte, status: other },
        44..=45 => MarketStep::Offer { offering: shop, price: byte, more: other },
        46..=47 => MarketStep::Settle { shop, sum: other },
        _ => {
            let place = other < 64;
            MarketStep::EditDraft { pick, offering: byte, quantity: shop, place, weather: weather(chance) }
        }
    }
}
