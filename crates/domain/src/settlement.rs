//! First sight settles: a sale's sync or its redemption, whichever comes first, moves the escrow exactly once.
//!
//! Pure decisions. Central reads the facts under its locks (lease, candidate, accounts by id, feed) and posts what
//! is decided here in the same transaction.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::lease::LeaseState;

/// A lease as Central reads it under its row lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseFacts {
    pub state: LeaseState,
    /// After a revocation: the last sequence the shop could prove.
    pub cut: Option<u32>,
    /// What the lease's account still holds.
    pub escrow: i64,
}

/// What is known of the (lease, seq) about to settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Never.
    New,
    /// Settled before, in the same slot.
    Settled,
    /// Seen before, in the same slot, and waiting for credit or a person.
    Held,
    /// Seen before in another slot: one number, two plans.
    OtherSlot,
}

/// How a code settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    /// Nothing to post: it settled before.
    Already,
    /// Post lease → issued.
    FromEscrow,
    /// Post wallet → issued: a late claim, or sold over the lease's budget. Flagged.
    FromWallet,
    /// Record it and wait.
    Held(HeldReason),
    /// Refuse and report: proof of a copied or tampered device.
    Fork,
}

/// Why a code waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum HeldReason {
    /// Sold after the cut of a revoked lease: a person approves.
    AfterCut,
    /// Neither the lease nor the wallet covers it: settles with the next top-up, oldest first.
    NoCredit,
}

impl HeldReason {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AfterCut => "after_cut",
            Self::NoCredit => "no_credit",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        [Self::AfterCut, Self::NoCredit].into_iter().find(|r| r.as_str() == name)
    }
}

/// Decides one code. `spendable` is what the wallet can give without passing its floor.
///
/// A held code is decided again with the same rule: that is how a top-up frees it.
pub fn settle(lease: LeaseFacts, seen: Seen, seq: u32, cost: i64, spendable: i64) -> Settlement {
    match seen {
        Seen::Settled => return Settlement::Already,
        Seen::OtherSlot => return Settlement::Fork,
        Seen::New | Seen::Held => {}
    }
    if lease.state == LeaseState::Revoked && lease.cut.is_none_or(|cut| seq > cut) {
        return Settlement::Held(HeldReason::AfterCut);
    }
    if lease.escrow >= cost {
        Settlement::FromEscrow
    } else if spendable >= cost {
        Settlement::FromWallet
    } else {
        Settlement::Held(HeldReason::NoCredit)
    }
}

/// What closing a lease gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Close {
    /// Post lease → wallet; may be zero.
    pub release: i64,
    /// Stays in the lease until `settle_until`: sold by the device but lost before it was seen here.
    pub kept: i64,
}

/// Why a lease cannot close as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CloseError {
    #[error("the device says it used {used} of {amount}")]
    UsedOutOfRange { used: i64, amount: i64 },
    #[error("the lease is already {0:?}")]
    NotOpen(LeaseState),
}

/// Closes an open lease: `escrow − (used − settled)` goes back. `used` comes from the device's keyring; all its sales
/// stand before the close in the log, so the difference is what a rollback lost.
pub fn close(lease: LeaseFacts, amount: i64, used: i64) -> Result<Close, CloseError> {
    if lease.state != LeaseState::Open {
        return Err(CloseError::NotOpen(lease.state));
    }
    if used < 0 || used > amount {
        return Err(CloseError::UsedOutOfRange { used, amount });
    }
    let settled = amount - lease.escrow;
    let kept = (used - settled).clamp(0, lease.escrow);
    Ok(Close { release: lease.escrow - kept, kept })
}

/// What passing `settle_until` does to a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    /// Post lease → wallet; may be zero.
    pub release: i64,
    /// The state from now on.
    pub state: LeaseState,
}

/// Gives back all that is left. A revoked lease stays revoked: were it to expire, the codes above its cut would turn
/// from held into late claims on the wallet, and a thief would only have to wait.
pub const fn expire(lease: LeaseFacts) -> Expiry {
    let state = if matches!(lease.state, LeaseState::Revoked) { LeaseState::Revoked } else { LeaseState::Expired };
    Expiry { release: lease.escrow, state }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(state: LeaseState, cut: Option<u32>, escrow: i64) -> LeaseFacts {
        LeaseFacts { state, cut, escrow }
    }

    #[test]
    fn each_case_of_the_settlement_table() {
        use LeaseState::{Closed, Expired, Open, Revoked};
        use Settlement::{Already, Fork, FromEscrow, FromWallet, Held};
        for (lease, seen, seq, spendable, expected) in [
            (facts(Open, None, 30), Seen::New, 1, 0, FromEscrow),
            (facts(Closed, None, 30), Seen::New, 1, 0, FromEscrow),
            (facts(Open, None, 29), Seen::New, 1, 30, FromWallet),
            (facts(Expired, None, 0), Seen::New, 1, 30, FromWallet),
            (facts(Expired, None, 0), Seen::New, 1, 29, Held(HeldReason::NoCredit)),
            (facts(Expired, None, 0), Seen::Held, 1, 30, FromWallet),
            (facts(Revoked, Some(5), 30), Seen::New, 5, 0, FromEscrow),
            (facts(Revoked, Some(5), 30), Seen::New, 6, 99, Held(HeldReason::AfterCut)),
            (facts(Revoked, None, 30), Seen::New, 1, 99, Held(HeldReason::AfterCut)),
            (facts(Revoked, None, 30), Seen::Settled, 9, 99, Already),
            (facts(Open, None, 30), Seen::Settled, 1, 0, Already),
            (facts(Open, None, 30), Seen::OtherSlot, 1, 99, Fork),
        ] {
            assert_eq!(settle(lease, seen, seq, 30, spendable), expected, "{lease:?} {seen:?} {seq} {spendable}");
        }
    }

    #[test]
    fn a_revoked_lease_never_expires_into_late_claims() {
        for (state, after) in [
            (LeaseState::Open, LeaseState::Expired),
            (LeaseState::Closed, LeaseState::Expired),
            (LeaseState::Revoked, LeaseState::Revoked),
        ] {
            let lease = facts(state, None, 240);
            let expiry = expire(lease);
            assert_eq!(expiry, Expiry { release: 240, state: after });
            let late = settle(LeaseFacts { state: expiry.state, escrow: 0, ..lease }, Seen::New, 9, 30, 99);
            let held = Settlement::Held(HeldReason::AfterCut);
            assert_eq!(late, if state == LeaseState::Revoked { held } else { Settlement::FromWallet });
        }
    }

    #[test]
    fn close_keeps_what_was_sold_and_lost() {
        let open = facts(LeaseState::Open, None, 240);
        assert_eq!(close(open, 300, 60), Ok(Close { release: 240, kept: 0 }));
        assert_eq!(close(open, 300, 90), Ok(Close { release: 210, kept: 30 }));
        // Codes of this lease redeemed by a tampered copy count as settled, never as a negative release.
        assert_eq!(close(open, 300, 30), Ok(Close { release: 240, kept: 0 }));
        assert_eq!(close(open, 300, 301), Err(CloseError::UsedOutOfRange { used: 301, amount: 300 }));
        let closed = facts(LeaseState::Closed, None, 240);
        assert_eq!(close(closed, 300, 60), Err(CloseError::NotOpen(LeaseState::Closed)));
    }
}
