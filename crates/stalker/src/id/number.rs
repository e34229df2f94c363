use std::fmt;

use serde::{Deserialize, Serialize};

use super::{InvalidId, is_safe_in_path, plain};

const LONGEST: usize = 64;
/// From this length on, the resources of boxes take a number for a MAC.
const MAC_FROM: usize = 12;

/// An account number.
///
/// A portal lets several accounts have the same one, and then a write to it reaches all of them: only a
/// [`UniqueNumber`] can be written to.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountNumber(String);

impl AccountNumber {
    /// A text that a portal takes for one number.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
        let text = text.into();
        plain(&text, LONGEST)?;
        if !is_safe_in_path(&text) {
            return Err(InvalidId::Character);
        }
        Ok(Self(text))
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the resources of boxes (`stb` and its kin) can be asked for it.
    pub fn for_boxes(&self) -> Result<(), InvalidId> {
        if self.0.chars().count() >= MAC_FROM { Err(InvalidId::TooLongForBoxes(MAC_FROM)) } else { Ok(()) }
    }

    /// Whether a portal takes this text for the same number.
    pub fn is(&self, stored: &str) -> bool {
        self.0.to_lowercase() == stored.trim_end_matches(' ').to_lowercase()
    }
}

/// An account number that exactly one account had when the portal was last looked at.
///
/// Only a look makes one: [`Portal::unique_number`](crate::Portal::unique_number) or a [`Census`](crate::Census).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UniqueNumber(AccountNumber);

impl UniqueNumber {
    /// For whoever has counted.
    pub(crate) fn counted_once(number: AccountNumber) -> Self {
        Self(number)
    }

    /// The number itself.
    pub fn number(&self) -> &AccountNumber {
        &self.0
    }
}

impl fmt::Display for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountNumber({:?})", self.0)
    }
}

impl TryFrom<String> for AccountNumber {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::new(text)
    }
}

impl From<AccountNumber> for String {
    fn from(number: AccountNumber) -> Self {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_reach_others_cannot_be_built() {
        for text in ["", " ", "0", "00", ",", "1,2", "1001 ", "a/b", "a+b", "a&b", "100%", ".", "..", "now()"] {
            assert!(AccountNumber::new(text).is_err(), "{text:?}");
        }
        assert!(AccountNumber::new("1001").is_ok());
    }

    #[test]
    fn a_long_number_is_not_for_boxes() {
        let number = |text: &str| AccountNumber::new(text).expect("a number");
        assert_eq!(number("12345678901").for_boxes(), Ok(()));
        assert_eq!(number("123456789012").for_boxes(), Err(InvalidId::TooLongForBoxes(12)));
    }
}
