//! Codes made together: how many at once, what can be done to all of them, and how their serials read (product.md C3, C5).

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::code::CodeState;
use crate::named::named;

/// Codes that a reseller makes in one call.
pub const MOST_BY_RESELLER: u32 = 100;
/// Codes of one lot. The number of a code in its lot has room for more; a job of more takes hours.
pub const MOST_BY_STAFF: u32 = 1_000_000;
/// Lots that one range of serials may go through.
pub const MOST_IN_A_RANGE: usize = 100;
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
        /// Withdrawn; nothing goes back. The only one for codes that the operator keeps.
        Revoke = "revoke",
    }
}

named! {
    /// Work with many codes that goes on by itself.
    CodeJobKind {
        Make = "make_lot",
        /// Codes that the operator kept become a reseller's.
        Allocate = "allocate_codes",
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
    /// None for making and allocating them.
    pub const fn change(self) -> Option<LotChange> {
        match self {
            Self::Make | Self::Allocate => None,
            Self::Hold => Some(LotChange::Hold),
            Self::Release => Some(LotChange::Release),
            Self::Void => Some(LotChange::Void),
            Self::Revoke => Some(LotChange::Revoke),
        }
    }
}

/// The place of a code made online: its lot's number, and its own in the lot. In this order serials are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial {
    pub number: u32,
    pub seq: u32,
}

impl fmt::Display for Serial {
    /// `000123-0007`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}-{:04}", self.number, self.seq)
    }
}

/// A text that is no serial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a serial is the lot's number and the code's, such as 000123-0007")]
pub struct NoSerial;

impl FromStr for Serial {
    type Err = NoSerial;

    /// Zeros in front may be left out.
    fn from_str(text: &str) -> Result<Self, NoSerial> {
        let (number, seq) = text.trim().split_once('-').ok_or(NoSerial)?;
        let digits = |part: &str| -> Result<u32, NoSerial> {
            if !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(NoSerial);
            }
            part.parse().map_err(|_| NoSerial).and_then(|value| if value == 0 { Err(NoSerial) } else { Ok(value) })
        };
        Ok(Self { number: digits(number)?, seq: digits(seq)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_is_read_as_it_is_written_and_sorted_by_number() {
        let serial = Serial { number: 123, seq: 7 };
        assert_eq!(serial.to_string(), "000123-0007");
        for text in ["000123-0007", " 123-7 "] {
            assert_eq!(text.parse::<Serial>(), Ok(serial), "{text}");
        }
        for text in ["", "123", "123-", "-7", "0-7", "123-0", "1 23-7", "+1-7", "123-7-1", "123-4294967296"] {
            assert_eq!(text.parse::<Serial>(), Err(NoSerial), "{text}");
        }
        // As texts they would be the other way round.
        assert!(Serial { number: 12, seq: 9_999 } < Serial { number: 12, seq: 10_000 });
        assert!(Serial { number: 999_999, seq: 9 } < Serial { number: 1_000_000, seq: 1 });
    }

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
