//! What a customer paid for an account: expected, here, not come, or given back.

use crate::named::named;

named! {
    /// Where a payment stands.
    PaymentState {
        /// Expected: an invoice, a transfer that is under way.
        Pending = "pending",
        /// The money is here.
        Completed = "completed",
        /// It did not come.
        Failed = "failed",
        /// The customer got it back.
        Refunded = "refunded",
    }
}

named! {
    /// How a customer paid.
    PaymentMethod {
        Cash = "cash",
        Card = "card",
        Transfer = "transfer",
        Other = "other",
    }
}

named! {
    /// Who has the customer's money.
    CollectedBy {
        /// Nothing is owed to the operator.
        Operator = "operator",
        /// The price is the operator's, so it comes out of the reseller's wallet.
        Reseller = "reseller",
    }
}

named! {
    /// What a customer paid for. It decides whether a payment earns: one price never earns twice.
    PaidFor {
        /// A code or an extension that was sold here and has earned, or will with its activation. The payment is only noted.
        Sale = "sale",
        /// Service that nobody sold here (the ISP model): the payment itself is what was sold.
        Service = "service",
    }
}

impl PaymentState {
    /// Whether it may become `next`. The last two are final: a wrong payment is refunded and recorded anew.
    pub const fn may_become(self, next: Self) -> bool {
        matches!((self, next), (Self::Pending, Self::Completed | Self::Failed) | (Self::Completed, Self::Refunded))
    }
}

#[cfg(test)]
mod tests {
    use super::PaymentState::{self, Completed, Failed, Pending, Refunded};

    #[test]
    fn only_what_came_is_given_back_and_nothing_comes_twice() {
        let legal = [(Pending, Completed), (Pending, Failed), (Completed, Refunded)];
        for from in PaymentState::ALL {
            for to in PaymentState::ALL {
                assert_eq!(from.may_become(*to), legal.contains(&(*from, *to)), "{from:?} to {to:?}");
            }
            assert_eq!(PaymentState::from_stored(from.as_str()), Some(*from));
        }
    }
}
