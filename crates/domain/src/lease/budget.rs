//! What a device may still issue. The rule every offline sale goes through.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::state::LeaseState;
use crate::ids::LeaseId;
use crate::time::Timestamp;

/// The device's highest use of one lease, kept outside the database (in the keyring), so that a database restored
/// from a backup cannot number a second sale the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watermark {
    /// Highest sequence number ever given out; 0 for none.
    pub seq: u32,
    /// Sum of the costs ever given out.
    pub used: i64,
    pub closed: bool,
}

impl Watermark {
    /// The later of two views of the same lease, field by field.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self { seq: self.seq.max(other.seq), used: self.used.max(other.used), closed: self.closed || other.closed }
    }
}

/// One lease as the device sees it, database and keyring already merged by [`Watermark::max`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseBudget {
    pub lease_id: LeaseId,
    pub state: LeaseState,
    pub amount: i64,
    pub max_codes: u32,
    pub issued_at: Timestamp,
    pub issue_until: Timestamp,
    pub mark: Watermark,
}

/// A run of sequence numbers of one lease, not yet committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reservation {
    pub lease_id: LeaseId,
    pub seq_from: u32,
    pub seq_to: u32,
    /// Cost of one code.
    pub cost: i64,
    /// The watermark to write before the commit.
    pub mark: Watermark,
}

/// Why the device may not sell. Carries what was needed and what there is (product.md rule 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("a sale has 1 to 100 codes")]
    Quantity,
    #[error("this device holds no open lease with this plan")]
    NoLease,
    #[error("the lease may issue until {until:?}, it is {now:?}")]
    Expired { until: Timestamp, now: Timestamp },
    #[error("{needed} needed, {available} in hand")]
    Amount { needed: i64, available: i64 },
    #[error("{needed} codes needed, {available} left in the lease")]
    Codes { needed: u32, available: u32 },
}

impl LeaseBudget {
    /// What the amount still covers.
    pub fn amount_left(&self) -> i64 {
        if self.is_open() { self.amount.saturating_sub(self.mark.used).max(0) } else { 0 }
    }

    /// How many numbers are left.
    pub fn codes_left(&self) -> u32 {
        if self.is_open() { self.max_codes.saturating_sub(self.mark.seq) } else { 0 }
    }

    /// How many codes of this cost it still covers.
    pub fn sellable(&self, cost: i64) -> u32 {
        if cost <= 0 {
            return 0;
        }
        u32::try_from(self.amount_left() / cost).unwrap_or(u32::MAX).min(self.codes_left())
    }

    pub fn is_open(&self) -> bool {
        self.state == LeaseState::Open && !self.mark.closed
    }

    fn reserve(&self, quantity: u32, cost: i64) -> Reservation {
        let seq_to = self.mark.seq.saturating_add(quantity);
        let used = self.mark.used.saturating_add(cost.saturating_mul(i64::from(quantity)));
        Reservation {
            lease_id: self.lease_id,
            seq_from: self.mark.seq.saturating_add(1),
            seq_to,
            cost,
            mark: Watermark { seq: seq_to, used, closed: false },
        }
    }
}

/// The most codes one sale may have.
pub const MAX_QUANTITY: u32 = 100;

/// Takes `quantity` codes from the leases, oldest first. Each lease comes with the cost of the plan in its slot.
///
/// A sale is whole or refused: nothing is reserved unless all of it fits.
pub fn plan_sale(leases: &[(LeaseBudget, i64)], quantity: u32, now: Timestamp) -> Result<Vec<Reservation>, Refusal> {
    if quantity == 0 || quantity > MAX_QUANTITY {
        return Err(Refusal::Quantity);
    }
    let mut open: Vec<_> = leases.iter().filter(|(lease, _)| lease.is_open()).collect();
    open.sort_by_key(|(lease, _)| (lease.issued_at, lease.lease_id));
    let in_time: Vec<_> = open.iter().filter(|(lease, _)| now < lease.issue_until).collect();
    if in_time.is_empty() {
        let latest = open.iter().map(|(lease, _)| lease.issue_until).max();
        return Err(latest.map_or(Refusal::NoLease, |until| Refusal::Expired { until, now }));
    }
    let mut missing = quantity;
    let mut reservations = Vec::new();
    for (lease, cost) in &in_time {
        let taken = lease.sellable(*cost).min(missing);
        if taken > 0 {
            reservations.push(lease.reserve(taken, *cost));
            missing -= taken;
        }
    }
    if missing == 0 {
        return Ok(reservations);
    }
    let codes_left = in_time.iter().map(|(lease, _)| lease.codes_left()).sum::<u32>();
    if codes_left < quantity {
        return Err(Refusal::Codes { needed: quantity, available: codes_left });
    }
    Err(Refusal::Amount {
        needed: in_time[0].1.saturating_mul(i64::from(quantity)),
        available: in_time.iter().map(|(lease, _)| lease.amount_left()).sum(),
    })
}

/// The time a lease is judged by: a clock turned back cannot lengthen it, and inside its budget it does not matter.
pub fn trusted_now(last_server_time: Timestamp, elapsed_ms: i64, wall: Timestamp) -> Timestamp {
    last_server_time.plus_ms(elapsed_ms.max(0)).max(wall)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000);

    fn lease(id: u8, amount: i64, max_codes: u32) -> LeaseBudget {
        LeaseBudget {
            lease_id: LeaseId::from_bytes([id; 16]),
            state: LeaseState::Open,
            amount,
            max_codes,
            issued_at: Timestamp(i64::from(id)),
            issue_until: Timestamp(2_000),
            mark: Watermark::default(),
        }
    }

    #[test]
    fn the_oldest_lease_is_used_first_and_a_sale_may_span_two() {
        let planned = plan_sale(&[(lease(2, 90, 9), 30), (lease(1, 60, 9), 30)], 3, NOW).expect("fits");
        assert_eq!(planned.len(), 2);
        assert_eq!((planned[0].lease_id, planned[0].seq_from, planned[0].seq_to), (lease(1, 0, 0).lease_id, 1, 2));
        assert_eq!(planned[0].mark, Watermark { seq: 2, used: 60, closed: false });
        assert_eq!((planned[1].seq_from, planned[1].seq_to), (1, 1));
    }

    #[test]
    fn nothing_is_taken_unless_all_of_it_fits() {
        let refused = plan_sale(&[(lease(1, 45, 9), 30)], 2, NOW);
        assert_eq!(refused, Err(Refusal::Amount { needed: 60, available: 45 }));
        let refused = plan_sale(&[(lease(1, 600, 1), 30)], 2, NOW);
        assert_eq!(refused, Err(Refusal::Codes { needed: 2, available: 1 }));
    }

    #[test]
    fn a_closed_mark_wins_over_an_open_database() {
        let mut restored = lease(1, 60, 9);
        restored.mark.closed = true;
        assert_eq!(plan_sale(&[(restored, 30)], 1, NOW), Err(Refusal::NoLease));
    }

    #[test]
    fn the_mark_in_the_keyring_numbers_the_next_sale() {
        let mut restored = lease(1, 300, 9);
        restored.mark =
            Watermark { seq: 2, used: 60, closed: false }.max(Watermark { seq: 5, used: 150, closed: false });
        let planned = plan_sale(&[(restored, 30)], 1, NOW).expect("fits");
        assert_eq!((planned[0].seq_from, planned[0].mark.used), (6, 180));
    }

    #[test]
    fn an_expired_lease_says_until_when() {
        let until = Timestamp(2_000);
        let refused = plan_sale(&[(lease(1, 60, 9), 30)], 1, until);
        assert_eq!(refused, Err(Refusal::Expired { until, now: until }));
    }

    #[test]
    fn a_clock_turned_back_lengthens_nothing() {
        assert_eq!(trusted_now(Timestamp(5_000), 700, Timestamp(10)), Timestamp(5_700));
        assert_eq!(trusted_now(Timestamp(5_000), -700, Timestamp(10)), Timestamp(5_000));
        assert_eq!(trusted_now(Timestamp(5_000), 700, Timestamp(9_000)), Timestamp(9_000));
    }
}
