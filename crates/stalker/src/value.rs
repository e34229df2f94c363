//! Values for a portal's fields, each as the portal will store it.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

use crate::id::is_function;

/// Why a value would not be stored as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidValue {
    /// With the longest that fits, in characters.
    #[error("it is longer than {0} characters, and the portal would cut it")]
    TooLong(usize),
    /// Outside of the Basic Multilingual Plane.
    #[error("it holds a character that the portal's database turns into question marks, such as an emoji")]
    Character,
    /// White space at an end.
    #[error("it begins or ends with a space")]
    OuterSpace,
    /// Such as `now()`.
    #[error("the portal runs it as an SQL function")]
    SqlFunction,
    /// Nothing that would be stored.
    #[error("it is empty, and the portal would ignore it")]
    Empty,
    /// Outside of what the column holds in every zone.
    #[error("a portal holds dates from 1970-01-02 to 2038-01-18 only")]
    Date,
}

/// The longest text for a name, a phone number or a comment.
const LONGEST_TEXT: usize = 255;
const LONGEST_BALANCE: usize = 16;
const LONGEST_PASSWORD: usize = 64;

/// A name, a phone number, a comment: at most 255 characters of the Basic Multilingual Plane, in one line or more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldText(String);

impl FieldText {
    /// A text that is stored as it is.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        check(&text, LONGEST_TEXT)?;
        Ok(Self(text))
    }

    /// What of this text a portal can hold, and whether that is all of it.
    pub fn fitted(text: &str) -> (Self, bool) {
        let kept: String = text.chars().filter(|character| is_storable(*character)).take(LONGEST_TEXT).collect();
        let kept = kept.trim();
        let kept = if is_function(kept) { "" } else { kept };
        (Self(kept.to_owned()), kept == text)
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Free text of at most 16 characters that the portal shows as a balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance(String);

impl Balance {
    /// A text that is stored as it is; 16 characters at most.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        check(&text, LONGEST_BALANCE)?;
        Ok(Self(text))
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A customer's password, never shown. The portal ignores an empty one.
#[derive(Clone)]
pub struct Password(SecretString);

impl Password {
    /// A password that is stored as it is, and not an empty one.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        if text.is_empty() {
            return Err(InvalidValue::Empty);
        }
        check(&text, LONGEST_PASSWORD)?;
        Ok(Self(text.into()))
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// A message for the screen of a box: at most 64 KiB, which is what the column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageText(String);

impl MessageText {
    /// In bytes of UTF-8.
    pub const LONGEST_BYTES: usize = 65_535;

    /// A text that is stored as it is, and not an empty one.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidValue> {
        let text = text.into();
        if text.trim().is_empty() {
            return Err(InvalidValue::Empty);
        }
        if text.len() > Self::LONGEST_BYTES {
            return Err(InvalidValue::TooLong(Self::LONGEST_BYTES));
        }
        if !text.chars().all(is_storable) {
            return Err(InvalidValue::Character);
        }
        if is_function(&text) {
            return Err(InvalidValue::SqlFunction);
        }
        Ok(Self(text))
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check(text: &str, longest: usize) -> Result<(), InvalidValue> {
    if text.chars().count() > longest {
        return Err(InvalidValue::TooLong(longest));
    }
    if !text.chars().all(is_storable) {
        return Err(InvalidValue::Character);
    }
    if text.trim() != text {
        return Err(InvalidValue::OuterSpace);
    }
    if is_function(text) {
        return Err(InvalidValue::SqlFunction);
    }
    Ok(())
}

/// MySQL's utf8 holds three bytes of a character.
fn is_storable(character: char) -> bool {
    character.len_utf8() <= 3 && (!character.is_control() || matches!(character, '\n' | '\r' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_database_would_change_is_refused_or_fitted() {
        assert_eq!(FieldText::new("Ann😀Bee"), Err(InvalidValue::Character));
        assert_eq!(FieldText::new("curdate()"), Err(InvalidValue::SqlFunction));
        assert_eq!(Balance::new("12345678901234567"), Err(InvalidValue::TooLong(16)));
        assert!(Password::new("").is_err());
        let (text, whole) = FieldText::fitted(" Ann😀Bee ");
        assert_eq!((text.as_str(), whole), ("AnnBee", false));
        assert_eq!(FieldText::fitted("Иван"), (FieldText("Иван".to_owned()), true));
    }

    #[test]
    fn a_password_is_never_shown() {
        let shown = format!("{:?}", Password::new("hunter2").expect("a password"));
        assert!(!shown.contains("hunter2"));
    }
}
