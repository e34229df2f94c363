//! Codes made together: how many at once, and what can be done to all of them (product.md C3, C5).

use crate::code::CodeState;
use crate::named::named;

/// Codes that a reseller makes in one call.
pub const MOST_BY_RESELLER: u32 = 100;
/// Codes of one lot. The number of a code in its lot has room for more; a job of more takes hours.
pub const MOST_BY_STAFF: u32 = 1_000_000;
/// Characters of what a lot is called.
pub const LONGEST_LABEL: usize = 100;

named! {
    /// What is done to many codes of a lot.
    LotChange {
        /// They cannot be used until they are released.
        Hold = "hold",
        Release = "release",
        /// Cancelled before use; what they cost goes back.
        Void = "void",
        /// Withdrawn; nothing goes back.
        Revoke = "revoke",
    }
}

named! {
    /// Work with many codes that goes on by itself.
    CodeJobKind {
        Make = "make_lot",
        Hold = "hold_codes",
        Release = "release_codes",
        Void = "void_codes",
        Revoke = "revoke_codes",
    }
}

impl LotChange {
    /// Whether a code in this state can be changed so.
    pub const fn takes(self, state: CodeState) -> bool {
        match self {
            Self::Hold => matches!(state, CodeState::Sold),
            Self::Release => matches!(state, CodeState::Held),
            Self::Void | Self::Revoke => matches!(state, CodeState::Sold | CodeState::Held),
        }
    }

    /// The state that it leads to.
    pub const fn to(self) -> CodeState {
        match self {
            Self::Hold => CodeState::Held,
            Self::Release => CodeState::Sold,
            Self::Void => CodeState::Voided,
            Self::Revoke => CodeState::Revoked,
        }
    }

    /// What takes it back; none where nothing can.
    pub const fn undone_by(self) -> Option<Self> {
        match self {
            Self::Hold => Some(Self::Release),
            Self::Release => Some(Self::Hold),
            Self::Void | Self::Revoke => None,
        }
    }

    pub const fn job(self) -> CodeJobKind {
        match self {
            Self::Hold => CodeJobKind::Hold,
            Self::Release => CodeJobKind::Release,
            Self::Void => CodeJobKind::Void,
            Self::Revoke => CodeJobKind::Revoke,
        }
    }
}

impl CodeJobKind {
    /// None for making them.
    pub const fn change(self) -> Option<LotChange> {
        match self {
            Self::Make => None,
            Self::Hold => Some(LotChange::Hold),
            Self::Release => Some(LotChange::Release),
            Self::Void => Some(LotChange::Void),
            Self::Revoke => Some(LotChange::Revoke),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_change_takes_the_states_that_the_change_of_one_code_takes() {
        use CodeState::{Activated, Expired, Held, Revoked, Sold, Voided};
        for (change, taken) in [
            (LotChange::Hold, &[Sold][..]),
            (LotChange::Release, &[Held]),
            (LotChange::Void, &[Sold, Held]),
            (LotChange::Revoke, &[Sold, Held]),
        ] {
            for state in [Sold, Held, Activated, Expired, Revoked, Voided] {
                assert_eq!(change.takes(state), taken.contains(&state), "{change:?} of {state:?}");
            }
            assert_eq!(change.job().change(), Some(change));
        }
    }

    #[test]
    fn what_can_be_taken_back_leads_to_where_it_came_from() {
        for change in LotChange::ALL {
            if let Some(back) = change.undone_by() {
                assert!(back.takes(change.to()) && change.takes(back.to()));
                assert_eq!(back.undone_by(), Some(*change));
            }
        }
    }
}
