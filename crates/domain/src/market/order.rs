//! What becomes of an order.

use crate::named::named;

named! {
    /// Whether a provider's offerings are sold.
    ProviderStatus {
        Active = "active",
        /// Nothing new is sold; what was ordered is delivered and settled.
        Suspended = "suspended",
    }
}

named! {
    /// Whether an offering is sold.
    OfferingStatus {
        Active = "active",
        Withdrawn = "withdrawn",
    }
}

named! {
    /// Whether a reseller sells what a provider offers.
    RelationshipStatus {
        Active = "active",
        /// For a while: its markup is kept, nothing new is sold.
        Suspended = "suspended",
        /// Ended by the reseller, who may open it again.
        Inactive = "inactive",
    }
}

named! {
    /// Who made an order.
    OrderSource {
        /// A customer, on the public market.
        Market = "market",
        /// The reseller, for a customer.
        Reseller = "reseller",
    }
}

named! {
    /// Where an order stands.
    OrderState {
        /// The reseller still writes it; no price is promised.
        Draft = "draft",
        /// Its price holds; the customer has not paid.
        Placed = "placed",
        /// The reseller has the customer's money, and has to see to the delivery.
        Paid = "paid",
        /// Asked of the provider.
        Pending = "pending",
        /// Some of its units are delivered.
        Partial = "partial",
        /// All of them are.
        Fulfilled = "fulfilled",
        /// The provider does not deliver the rest. What the customer paid for it waits to be given back.
        Failed = "failed",
        /// Ended before it was paid.
        Cancelled = "cancelled",
        /// The customer has all the money back.
        Refunded = "refunded",
    }
}

named! {
    /// What somebody does with an order.
    OrderStep {
        Place = "place",
        Pay = "pay",
        /// Asks the provider for it.
        Submit = "submit",
        /// Delivers some of its units; which state that makes is for the number of units to say.
        Fulfil = "fulfil",
        Fail = "fail",
        Cancel = "cancel",
        /// Gives back a part of the money, or all.
        Refund = "refund",
    }
}

impl OrderStep {
    /// Whether it may be taken in `state`.
    pub const fn may_follow(self, state: OrderState) -> bool {
        use OrderState::{Draft, Failed, Fulfilled, Paid, Partial, Pending, Placed};
        match self {
            Self::Place => matches!(state, Draft),
            Self::Pay => matches!(state, Placed),
            Self::Submit => matches!(state, Paid),
            Self::Fulfil | Self::Fail => matches!(state, Paid | Pending | Partial),
            Self::Cancel => matches!(state, Draft | Placed),
            Self::Refund => matches!(state, Paid | Pending | Partial | Fulfilled | Failed),
        }
    }

    /// The state after it; none where it may not be taken. `all` says whether nothing is left: of the units, for a
    /// fulfilment; of the money, for a refund. A refund of a part changes no state.
    pub const fn leads_to(self, state: OrderState, all: bool) -> Option<OrderState> {
        if !self.may_follow(state) {
            return None;
        }
        Some(match self {
            Self::Place => OrderState::Placed,
            Self::Pay => OrderState::Paid,
            Self::Submit => OrderState::Pending,
            Self::Fulfil if all => OrderState::Fulfilled,
            Self::Fulfil => OrderState::Partial,
            Self::Fail => OrderState::Failed,
            Self::Cancel => OrderState::Cancelled,
            Self::Refund if all => OrderState::Refunded,
            Self::Refund => state,
        })
    }
}

impl OrderState {
    /// Whether it stands in the reseller's queue: somebody waits for something.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Placed | Self::Paid | Self::Pending | Self::Partial | Self::Failed)
    }

    /// Whether it holds units of a limited stock.
    pub const fn holds_stock(self) -> bool {
        !matches!(self, Self::Draft | Self::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::OrderState::{Cancelled, Draft, Failed, Fulfilled, Paid, Partial, Pending, Placed, Refunded};
    use super::{OrderState, OrderStep};

    #[test]
    fn only_these_steps_are_taken() {
        let legal = [
            (OrderStep::Place, Draft, true, Placed),
            (OrderStep::Pay, Placed, true, Paid),
            (OrderStep::Submit, Paid, true, Pending),
            (OrderStep::Fulfil, Paid, true, Fulfilled),
            (OrderStep::Fulfil, Pending, true, Fulfilled),
            (OrderStep::Fulfil, Partial, true, Fulfilled),
            (OrderStep::Fail, Paid, true, Failed),
            (OrderStep::Fail, Pending, true, Failed),
            (OrderStep::Fail, Partial, true, Failed),
            (OrderStep::Cancel, Draft, true, Cancelled),
            (OrderStep::Cancel, Placed, true, Cancelled),
            (OrderStep::Refund, Paid, true, Refunded),
            (OrderStep::Refund, Pending, true, Refunded),
            (OrderStep::Refund, Partial, true, Refunded),
            (OrderStep::Refund, Fulfilled, true, Refunded),
            (OrderStep::Refund, Failed, true, Refunded),
        ];
        for step in OrderStep::ALL {
            for state in OrderState::ALL {
                let expected = legal.iter().find(|(s, from, ..)| (s, from) == (step, state)).map(|(.., to)| *to);
                assert_eq!(step.leads_to(*state, true), expected, "{step:?} in {state:?}");
            }
        }
    }

    #[test]
    fn a_part_of_the_units_or_of_the_money_ends_nothing() {
        assert_eq!(OrderStep::Fulfil.leads_to(Paid, false), Some(Partial));
        for state in [Paid, Pending, Partial, Fulfilled, Failed] {
            assert_eq!(OrderStep::Refund.leads_to(state, false), Some(state));
        }
    }

    #[test]
    fn nothing_follows_an_end() {
        for step in OrderStep::ALL {
            assert!(!step.may_follow(Cancelled) && !step.may_follow(Refunded), "{step:?}");
        }
    }
}
