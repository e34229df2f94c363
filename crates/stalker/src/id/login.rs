use std::fmt;

use serde::{Deserialize, Serialize};

use super::{InvalidId, is_safe_in_path, plain};

/// What the column holds; the portal cuts the rest without a word.
const LONGEST: usize = 64;
/// From this length on, a colon makes a MAC of a login.
const MAC_FROM: usize = 12;

/// A login, the best key of an account.
///
/// Every value can be addressed: with a comma the portal sees two logins, with a slash it sees the part before it. An
/// account that has such a login is reached by its MAC or its account number. Letter case does not count to a portal.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Login(String);

impl Login {
    /// A text that a portal takes for one login.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
        let text = text.into();
        plain(&text, LONGEST)?;
        if text.contains('/') {
            return Err(InvalidId::Slash);
        }
        if text.chars().count() >= MAC_FROM && text.find(':').is_some_and(|at| at > 0) {
            return Err(InvalidId::LooksLikeMac);
        }
        Ok(Self(text))
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a portal takes this text for the same login.
    pub fn is(&self, stored: &str) -> bool {
        self.folded() == stored.trim_end_matches(' ').to_lowercase()
    }

    /// The same for all spellings that a portal takes for one login.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }

    pub(crate) fn is_safe_in_path(&self) -> bool {
        is_safe_in_path(&self.0)
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Login({:?})", self.0)
    }
}

impl TryFrom<String> for Login {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::new(text)
    }
}

impl From<Login> for String {
    fn from(login: Login) -> Self {
        login.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_reach_others_cannot_be_built() {
        for (text, why) in [
            ("", InvalidId::Empty),
            ("  ", InvalidId::Empty),
            ("0", InvalidId::Zero),
            ("000", InvalidId::Zero),
            ("ivan ", InvalidId::OuterSpace),
            (",", InvalidId::Comma),
            ("a,b", InvalidId::Comma),
            ("a/b", InvalidId::Slash),
            ("a\nb", InvalidId::Character),
            ("ann😀", InvalidId::Character),
            ("00:1A:79:00:00:01", InvalidId::LooksLikeMac),
            ("NOW()", InvalidId::SqlFunction),
        ] {
            assert_eq!(Login::new(text), Err(why), "{text:?}");
        }
        assert_eq!(Login::new("L".repeat(65)), Err(InvalidId::TooLong(64)));
    }

    #[test]
    fn what_needs_the_query_form_is_told_apart() {
        for text in ["ivan", "ivan.petrov@example.org", "user_1-a", "7"] {
            assert!(Login::new(text).is_ok_and(|login| login.is_safe_in_path()), "{text}");
        }
        for text in ["a+b", "ivan&x", "100%", "o'neil", "Иван", "..", ".", "a b", "a#b", "a?b", "-x"] {
            assert!(Login::new(text).is_ok_and(|login| !login.is_safe_in_path()), "{text}");
        }
    }

    #[test]
    fn letter_case_does_not_count() {
        let login = Login::new("Ivan").expect("a login");
        assert!(login.is("IVAN") && login.is("ivan  ") && !login.is("ivan3"));
    }
}
