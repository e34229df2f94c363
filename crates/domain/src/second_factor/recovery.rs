//! Codes on paper for the day on which the telephone is lost, each good for once.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::code::alphabet::{SYMBOLS, canonical};

/// How many there are at a time.
const AT_A_TIME: usize = 10;
const LENGTH: usize = 12;

/// Twelve symbols of Crockford's base 32: 60 random bits.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct RecoveryCode([u8; LENGTH]);

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

impl RecoveryCode {
    pub const AT_A_TIME: usize = AT_A_TIME;
    /// Symbols of each.
    pub const LENGTH: usize = LENGTH;

    /// One random byte for each symbol, of which five bits count.
    pub fn from_random(random: [u8; LENGTH]) -> Self {
        Self(random.map(|byte| SYMBOLS[usize::from(byte & 31)]))
    }

    /// As a person typed it: hyphens or none, upper or lower case, O for 0 and I or L for 1.
    pub fn read(typed: &str) -> Option<Self> {
        let symbols: Option<Vec<u8>> =
            typed.chars().filter(|c| *c != '-' && !c.is_whitespace()).map(canonical).collect();
        symbols?.try_into().ok().map(Self)
    }

    /// `7KQM-3XWP-0ZTR`
    pub fn shown(&self) -> String {
        let groups = self.0.chunks(4).map(|group| group.iter().copied().map(char::from).collect::<String>());
        groups.collect::<Vec<_>>().join("-")
    }

    /// What is stored of it: the same code of another user is something else.
    pub fn hash(&self, user: Uuid) -> Vec<u8> {
        Sha256::new().chain_update(user.as_bytes()).chain_update(self.0).finalize().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_shown_and_as_people_write_it() {
        let code = RecoveryCode::from_random([0, 1, 2, 3, 36, 5, 6, 7, 8, 9, 10, 255]);
        assert_eq!(code.shown(), "0123-4567-89AZ");
        for typed in ["0123-4567-89AZ", "0123456789az", "o123 4567 89AZ", "0i23-4567-89AZ", "0L23-4567-89AZ"] {
            assert_eq!(RecoveryCode::read(typed).as_ref(), Some(&code), "{typed}");
        }
        for wrong in ["", "0123-4567-89A", "0123-4567-89AZ0", "0123-4567-89A!", "0123-4567-89AU"] {
            assert_eq!(RecoveryCode::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_hash_is_of_one_user_and_one_code() {
        let code = RecoveryCode::from_random([1; LENGTH]);
        let [nina, omar] = [1, 2].map(Uuid::from_u128);
        assert_eq!(code.hash(nina), code.clone().hash(nina));
        assert_ne!(code.hash(nina), code.hash(omar));
        assert_ne!(code.hash(nina), RecoveryCode::from_random([2; LENGTH]).hash(nina));
    }
}
