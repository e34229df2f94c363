//! Who bought, and where what was bought stands (product.md S7).

use crate::account::AccountStatus;
use crate::code::CodeState;
use crate::named::named;
use crate::time::Timestamp;

named! {
    /// Where what a customer bought stands.
    CustomerState {
        /// A code that was sold and not used yet.
        Waiting = "waiting",
        /// Service goes on.
        Active = "active",
        /// Service is over, or the code was not used in time.
        Expired = "expired",
        /// The account is switched off or archived, or the code was taken back.
        Cancelled = "cancelled",
    }
}

impl CustomerState {
    pub fn of_account(status: AccountStatus, ends_at: Option<Timestamp>, now: Timestamp) -> Self {
        match status.at(now, ends_at) {
            AccountStatus::Active => Self::Active,
            AccountStatus::Expired => Self::Expired,
            AccountStatus::Suspended | AccountStatus::Archived => Self::Cancelled,
        }
    }

    /// Of a code that opened or extended no account.
    pub fn of_code(state: CodeState, redeem_by: Timestamp, now: Timestamp) -> Self {
        match state {
            CodeState::Revoked | CodeState::Voided => Self::Cancelled,
            CodeState::Expired => Self::Expired,
            _ if redeem_by <= now => Self::Expired,
            _ => Self::Waiting,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_says_where_its_customer_stands() {
        let (now, later) = (Timestamp(10), Some(Timestamp(20)));
        for (status, ends_at, state) in [
            (AccountStatus::Active, later, CustomerState::Active),
            (AccountStatus::Active, Some(Timestamp(9)), CustomerState::Expired),
            (AccountStatus::Active, None, CustomerState::Expired),
            (AccountStatus::Expired, later, CustomerState::Expired),
            (AccountStatus::Suspended, later, CustomerState::Cancelled),
            (AccountStatus::Archived, later, CustomerState::Cancelled),
        ] {
            assert_eq!(CustomerState::of_account(status, ends_at, now), state, "{status:?} {ends_at:?}");
        }
    }

    #[test]
    fn a_code_waits_until_its_last_moment() {
        let of = |state, now| CustomerState::of_code(state, Timestamp(10), Timestamp(now));
        assert_eq!(of(CodeState::Sold, 9), CustomerState::Waiting);
        assert_eq!(of(CodeState::Held, 9), CustomerState::Waiting);
        assert_eq!(of(CodeState::Sold, 10), CustomerState::Expired);
        assert_eq!(of(CodeState::Expired, 9), CustomerState::Expired);
        assert_eq!(
            (of(CodeState::Voided, 9), of(CodeState::Revoked, 99)),
            (CustomerState::Cancelled, CustomerState::Cancelled)
        );
    }
}
