//! Customers' payments that staff record, and payouts of what shops earned.

use counterfoil_domain::ids::{PaymentId, PayoutId};

use crate::reference::Reference;

/// Where a payment stands, under the names people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paid {
    Pending,
    Completed,
    Failed,
    Refunded,
}

impl Paid {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Refunded => "refunded",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    pub shop: usize,
    pub amount: i64,
    /// The shop has the customer's money, and it is the operator's: it comes out of the wallet.
    pub charges: bool,
    pub state: Paid,
}

impl Payment {
    /// What the wallet has paid for it, also where it got it back.
    pub const fn charged(&self) -> i64 {
        if self.charges && matches!(self.state, Paid::Completed | Paid::Refunded) { self.amount } else { 0 }
    }
}

/// Where a payout stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    Requested,
    Approved,
    Sent,
    Confirmed,
    Failed,
}

impl Sending {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Approved => "approved",
            Self::Sent => "sent",
            Self::Confirmed => "confirmed",
            Self::Failed => "failed",
        }
    }

    pub const fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Approved | Self::Sent)
    }

    /// One after the other; every open one may fail.
    const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Requested, Self::Approved)
                | (Self::Approved, Self::Sent)
                | (Self::Sent, Self::Confirmed)
                | (Self::Requested | Self::Approved | Self::Sent, Self::Failed)
        )
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payout {
    pub shop: usize,
    pub amount: i64,
    pub state: Sending,
}

impl Reference {
    /// A payment is recorded, as one that came or one that is expected, or it is repeated. False: it came, and the wallet
    /// cannot pay for it; then nothing is recorded.
    pub fn record_payment(&mut self, id: PaymentId, payment: Payment) -> bool {
        if self.payments.contains_key(&id) {
            return true;
        }
        let comes = payment.state == Paid::Completed;
        if comes && payment.charges && !self.withdraw(payment.shop, payment.amount) {
            return false;
        }
        self.payments.insert(id, payment);
        true
    }

    /// Whether a step of a payment is taken, now or before.
    pub fn take_payment(&mut self, id: PaymentId, to: Paid) -> bool {
        let Some(payment) = self.payments.get(&id).copied() else { return false };
        if payment.state == to {
            return true;
        }
        match (payment.state, to) {
            (Paid::Pending, Paid::Completed) => {
                if payment.charges && !self.withdraw(payment.shop, payment.amount) {
                    return false;
                }
            }
            (Paid::Completed, Paid::Refunded) => {
                if payment.charges {
                    self.fund(payment.shop, payment.amount);
                }
            }
            (Paid::Pending, Paid::Failed) => {}
            _ => return false,
        }
        self.payments.insert(id, Payment { state: to, ..payment });
        true
    }

    /// Whether a shop gets a payout of all that is available, or had asked under this id before.
    pub fn ask_payout(&mut self, id: PayoutId, shop: usize, available: i64, least: i64) -> bool {
        if let Some(known) = self.payouts.get(&id) {
            return known.shop == shop;
        }
        let open = self.payouts.values().any(|payout| payout.shop == shop && payout.state.is_open());
        if open || available < least {
            return false;
        }
        self.payouts.insert(id, Payout { shop, amount: available, state: Sending::Requested });
        true
    }

    /// Whether a step of a payout is taken, now or before.
    pub fn take_payout(&mut self, id: PayoutId, to: Sending) -> bool {
        let Some(payout) = self.payouts.get_mut(&id) else { return false };
        if payout.state == to {
            return true;
        }
        let follows = payout.state.may_become(to);
        if follows {
            payout.state = to;
        }
        follows
    }

    /// On the way to a shop, and arrived there.
    pub fn paid_out(&self, shop: usize) -> (i64, i64) {
        let of = |wanted: fn(Sending) -> bool| {
            let own = self.payouts.values().filter(|payout| payout.shop == shop && wanted(payout.state));
            own.map(|payout| payout.amount).sum()
        };
        (of(Sending::is_open), of(|state| state == Sending::Confirmed))
    }
}
