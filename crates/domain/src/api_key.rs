//! What the other programs of a reseller may do (product.md G1, Y3).

use crate::named::named;

/// Keys that a reseller may have at once, revoked ones aside.
pub const MOST_KEYS: u32 = 20;
/// Characters of a key's name.
pub const LONGEST_NAME: usize = 60;

named! {
    /// One thing that a key is for.
    ApiScope {
        /// Looking things up.
        Read = "read",
        /// Making codes, one by one and in lots.
        Sell = "sell",
        /// Creating, editing and extending accounts.
        Accounts = "accounts",
    }
}

impl ApiScope {
    /// Whether a key for this may be used where `needed` is asked for: each may look things up.
    pub fn covers(self, needed: Self) -> bool {
        self == needed || needed == Self::Read
    }
}

/// A key's name as it is kept; none where it cannot be one.
pub fn key_name(typed: &str) -> Option<&str> {
    let name = typed.trim();
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    fits.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_reads_and_none_does_what_another_is_for() {
        for scope in ApiScope::ALL {
            assert_eq!(serde_json::to_value(scope).expect("json"), scope.as_str());
            for needed in ApiScope::ALL {
                let expected = scope == needed || *needed == ApiScope::Read;
                assert_eq!(scope.covers(*needed), expected, "{scope:?} {needed:?}");
            }
        }
        assert!(!ApiScope::Read.covers(ApiScope::Sell) && !ApiScope::Sell.covers(ApiScope::Accounts));
    }

    #[test]
    fn a_name_is_one_line_of_at_most_sixty_characters() {
        assert_eq!(key_name("  Webshop "), Some("Webshop"));
        assert_eq!(key_name(&"ä".repeat(60)).map(str::len), Some(120));
        for wrong in ["", "   ", "two\nlines", &"a".repeat(61)] {
            assert_eq!(key_name(wrong), None, "{wrong:?}");
        }
    }
}
