//! What a lease promises, fixed at the grant.

use thiserror::Error;

use crate::amount::{Amount, AmountError, Currency, Unit};
use crate::code::Prefix;
use crate::ids::{DeviceId, LeaseId, OperatorId, PlanId, ResellerId};
use crate::time::Timestamp;

/// The terms of one lease. `amount` and each slot's cost count `unit`; prices count minor units of `currency`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseTerms {
    pub lease_id: LeaseId,
    pub operator_id: OperatorId,
    pub reseller_id: ResellerId,
    pub device_id: DeviceId,
    /// Names the master key the codes derive from.
    pub key_id: u16,
    /// Credits in wholesale mode, money in share mode.
    pub unit: Unit,
    pub currency: Currency,
    pub amount: i64,
    pub max_codes: u16,
    pub prefix: Prefix,
    pub slots: Vec<Slot>,
    pub issued_at: Timestamp,
    pub issue_until: Timestamp,
    pub settle_until: Timestamp,
    pub redeem_by: Timestamp,
    pub salt: [u8; 16],
    pub word_list: u8,
}

/// One plan of a lease, its price and cost pinned until `issue_until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    pub slot: u8,
    pub plan_id: PlanId,
    pub plan_version: u32,
    pub term_days: u16,
    /// What one code takes from the lease, in the lease's unit.
    pub cost: i64,
    /// What the customer pays, minor units.
    pub price: i64,
}

/// Why terms cannot stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TermsError {
    #[error("a lease covers 1 to 65,535 codes")]
    MaxCodes,
    #[error("a lease has 1 to 16 plans, each once, in slots 0 to 15")]
    Slots,
    #[error("the amount, costs and prices of a lease are positive and bounded")]
    Amount(#[from] AmountError),
    #[error("a lease ends issuing, settling and redeeming in that order")]
    Deadlines,
}

impl LeaseTerms {
    pub const MAX_SLOTS: usize = 16;
    /// Days a device may issue.
    pub const ISSUE_DAYS: i64 = 30;
    /// Further days in which its sales settle from escrow.
    pub const SETTLE_DAYS: i64 = 30;
    /// Days in which a code can be redeemed, until the operator sets another number.
    pub const REDEEM_DAYS: i64 = 365;
    /// Fewer would end before the lease of a code has settled.
    pub const LEAST_REDEEM_DAYS: i64 = Self::ISSUE_DAYS + Self::SETTLE_DAYS;
    pub const MOST_REDEEM_DAYS: i64 = 3_660;
    /// All candidates are guessable targets, so few are made.
    pub const DEFAULT_MAX_CODES: u16 = 128;
    /// More would double what a thief could sell without a need.
    pub const MAX_OPEN_PER_DEVICE: usize = 2;

    pub fn validate(&self) -> Result<(), TermsError> {
        if self.max_codes == 0 {
            return Err(TermsError::MaxCodes);
        }
        if self.slots.is_empty() || self.slots.len() > Self::MAX_SLOTS {
            return Err(TermsError::Slots);
        }
        for (at, slot) in self.slots.iter().enumerate() {
            let repeated = self.slots[..at].iter().any(|s| s.slot == slot.slot || s.plan_id == slot.plan_id);
            if repeated || usize::from(slot.slot) >= Self::MAX_SLOTS {
                return Err(TermsError::Slots);
            }
            Amount::new(slot.cost, self.unit)?;
            Amount::new(slot.price, Unit::Minor(self.currency))?;
            if slot.cost <= 0 || slot.price < 0 {
                return Err(TermsError::Amount(AmountError::OutOfRange));
            }
        }
        Amount::new(self.amount, self.unit)?;
        if self.amount <= 0 {
            return Err(TermsError::Amount(AmountError::OutOfRange));
        }
        let ordered = self.issued_at < self.issue_until
            && self.issue_until <= self.settle_until
            && self.settle_until <= self.redeem_by;
        if ordered { Ok(()) } else { Err(TermsError::Deadlines) }
    }

    pub fn slot(&self, slot: u8) -> Option<&Slot> {
        self.slots.iter().find(|s| s.slot == slot)
    }

    pub fn slot_of_plan(&self, plan: PlanId) -> Option<&Slot> {
        self.slots.iter().find(|s| s.plan_id == plan)
    }
}

/// The amount suggested for a lease: the 95th percentile of three days' use, between 365 and 3,650.
pub fn default_amount(three_day_use_p95: i64) -> i64 {
    three_day_use_p95.clamp(365, 3_650)
}
