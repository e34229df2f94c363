//! One order: the facts of it, and what follows from them.

use counterfoil_domain::ids::OfferingId;

use super::half_up;

/// What an order costs; promised when it is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// As they were then.
    pub unit: i64,
    pub markup: i64,
    /// The provider's part of `total`.
    pub base: i64,
    /// The customer's.
    pub total: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Failed,
    Cancelled,
}

/// Where an order stands, under the names people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Draft,
    Placed,
    Paid,
    Pending,
    Partial,
    Fulfilled,
    Failed,
    Cancelled,
    Refunded,
}

impl Stage {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Placed => "placed",
            Self::Paid => "paid",
            Self::Pending => "pending",
            Self::Partial => "partial",
            Self::Fulfilled => "fulfilled",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Refunded => "refunded",
        }
    }

    /// Whether the customer waits for units that are paid for.
    pub const fn waits_for_units(self) -> bool {
        matches!(self, Self::Paid | Self::Pending | Self::Partial)
    }
}

/// The facts of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub shop: usize,
    pub offering: OfferingId,
    pub quantity: i64,
    /// On the public market; else the shop wrote it.
    pub by_customer: bool,
    pub price: Price,
    pub placed: bool,
    pub paid: bool,
    /// Of the provider.
    pub asked: bool,
    /// Units.
    pub delivered: i64,
    /// Back with the customer.
    pub back: i64,
    pub end: Option<End>,
}

impl Order {
    pub const fn stage(&self) -> Stage {
        match self.end {
            Some(End::Cancelled) => Stage::Cancelled,
            _ if !self.placed => Stage::Draft,
            _ if !self.paid => Stage::Placed,
            _ if self.back > 0 && self.back == self.price.total => Stage::Refunded,
            Some(End::Failed) => Stage::Failed,
            None if self.delivered == self.quantity => Stage::Fulfilled,
            None if self.delivered > 0 => Stage::Partial,
            None if self.asked => Stage::Pending,
            None => Stage::Paid,
        }
    }

    /// What of the customer's money, less what went back, is the provider's and what is the shop's. What went back was
    /// taken from both in the proportion in which they have parts in the price.
    pub fn shares(&self) -> (i64, i64) {
        if !self.paid {
            return (0, 0);
        }
        let Price { base, total, .. } = self.price;
        let taken = if total == 0 { 0 } else { half_up(i128::from(base) * i128::from(self.back), i128::from(total)) };
        let of_provider = base - taken;
        (of_provider, total - self.back - of_provider)
    }

    /// Units that nobody else can order.
    pub(super) const fn holds(&self) -> i64 {
        match self.end {
            _ if !self.placed => 0,
            None => self.quantity,
            Some(End::Failed) => self.delivered,
            Some(End::Cancelled) => 0,
        }
    }
}

/// What somebody does with an order that is placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    Place,
    Pay { note: String },
    Submit { external: String },
    Deliver { units: i64, external: String },
    Fail { reason: String },
    Cancel { reason: String },
    Refund { amount: i64, reason: String },
}
