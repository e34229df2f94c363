//! Identifiers that a portal cannot misunderstand.
//!
//! An identifier that is missing, blank or `0` means *everybody* to several resources, and a comma makes two of one. So
//! each kind is its own type, and none of those values can be built.

mod login;
mod mac;
mod number;
mod rows;

pub use login::Login;
pub use mac::{Mac, StoredMac};
pub use number::{AccountNumber, UniqueNumber};
pub use rows::{ChannelId, ExternalId, PackageId, ResellerId, TariffId};

/// Names that the portal runs as SQL functions, in any field.
const FUNCTIONS: [&str; 3] = ["now()", "curdate()", "curtime()"];

/// Why a text is no identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// Nothing, or white space only.
    #[error("it is empty, and to a portal that means everybody")]
    Empty,
    /// Zero in any number of digits.
    #[error("it is zero, and to a portal that means everybody")]
    Zero,
    /// White space at an end.
    #[error("it begins or ends with a space, which the portal ignores when it compares")]
    OuterSpace,
    /// A comma.
    #[error("it holds a comma, and a portal takes it for several")]
    Comma,
    /// A slash.
    #[error("it holds a slash, and a portal cuts it there")]
    Slash,
    /// A control character, one that MySQL does not store, or in a number one that no path carries.
    #[error("it holds a character that an address of this portal cannot carry")]
    Character,
    /// With the longest that fits, in characters.
    #[error("it is longer than {0} characters, and the portal would cut it")]
    TooLong(usize),
    /// Twelve characters or more with a colon.
    #[error("the portal takes it for a MAC address")]
    LooksLikeMac,
    /// Such as `now()`.
    #[error("the portal runs it as an SQL function")]
    SqlFunction,
    /// Of a text that should be one.
    #[error("it is no MAC address: twelve hexadecimal digits are needed, as in 00:1A:79:AA:BB:CC")]
    NotMac,
    /// With the length from which it does.
    #[error("it has {0} characters or more, and this resource would take it for a MAC address")]
    TooLongForBoxes(usize),
}

/// What no identifier may be, whichever kind it is.
fn plain(text: &str, longest: usize) -> Result<(), InvalidId> {
    if text.trim().is_empty() {
        return Err(InvalidId::Empty);
    }
    if text.trim() != text {
        return Err(InvalidId::OuterSpace);
    }
    if text.chars().all(|character| character == '0') {
        return Err(InvalidId::Zero);
    }
    if text.contains(',') {
        return Err(InvalidId::Comma);
    }
    if text.chars().any(|character| character.is_control() || character.len_utf8() == 4) {
        return Err(InvalidId::Character);
    }
    if text.chars().count() > longest {
        return Err(InvalidId::TooLong(longest));
    }
    if is_function(text) {
        return Err(InvalidId::SqlFunction);
    }
    Ok(())
}

pub(crate) fn is_function(text: &str) -> bool {
    FUNCTIONS.iter().any(|function| text.trim().eq_ignore_ascii_case(function))
}

/// Letters, digits and `_ . @ -`, with a letter or digit first: what every portal's rewrite rules leave as it is.
fn is_safe_in_path(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.chars().all(|character| character.is_ascii_alphanumeric() || "_.@-".contains(character))
}
