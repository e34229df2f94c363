//! Customers' accounts: where one stands, and what people enter for it.

use thiserror::Error;

use crate::named::named;
use crate::time::Timestamp;

named! {
    /// Where an account stands. Whether its service is over is told by its end.
    AccountStatus {
        Active = "active",
        /// Its service is over; new service makes it active again.
        Expired = "expired",
        /// Somebody switched it off; new service does not switch it on.
        Suspended = "suspended",
        /// Out of use for good, kept in history.
        Archived = "archived",
    }
}

impl AccountStatus {
    /// For people: an active account whose service is over, or that never had one, has expired.
    pub fn at(self, now: Timestamp, ends_at: Option<Timestamp>) -> Self {
        let over = ends_at.is_none_or(|end| end < now);
        if self == Self::Active && over { Self::Expired } else { self }
    }
}

/// Characters of a user name at most.
pub const LONGEST_USERNAME: usize = 50;
/// Characters of a note at most.
pub const LONGEST_NOTES: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "3 to {LONGEST_USERNAME} characters: small letters a to z, digits, dots, hyphens and underscores, \
     beginning with a letter or a digit"
)]
pub struct InvalidUsername;

/// A user name that people can type, that stands in a URL as it is and that every portal keeps.
///
/// # Errors
/// When it is another text. Capitals are one: portals do not tell them apart.
pub fn username(text: &str) -> Result<&str, InvalidUsername> {
    let text = text.trim();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let good = (3..=LONGEST_USERNAME).contains(&text.chars().count())
        && text.starts_with(plain)
        && text.chars().all(|c| plain(c) || matches!(c, '.' | '-' | '_'));
    if good { Ok(text) } else { Err(InvalidUsername) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_name_is_typed_easily_and_kept_everywhere() {
        for good in ["amber-otter-4821", "a.b", "7up", " spaces.around "] {
            assert_eq!(username(good), Ok(good.trim()));
        }
        for bad in ["", "ab", "Anna", "-dash", "a b c", "a/b/c", "käthe", "00:1a:79:00:00:01", &"x".repeat(51)] {
            assert_eq!(username(bad), Err(InvalidUsername), "{bad}");
        }
    }

    #[test]
    fn service_that_is_over_has_expired_and_what_people_decided_stays() {
        let (now, past, later) = (Timestamp(10), Some(Timestamp(9)), Some(Timestamp(10)));
        assert_eq!(AccountStatus::Active.at(now, later), AccountStatus::Active);
        assert_eq!(AccountStatus::Active.at(now, past), AccountStatus::Expired);
        assert_eq!(AccountStatus::Active.at(now, None), AccountStatus::Expired);
        assert_eq!(AccountStatus::Suspended.at(now, past), AccountStatus::Suspended);
    }
}
