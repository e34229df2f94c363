//! The text of an API key: `cfk_`, eight characters that tell it from others, 256 random bits, and a checksum, so that one
//! that was cut off or mistyped is known without a look at the database.

use counterfoil_domain::ids::ApiKeyId;
use counterfoil_wire::api_keys::KEY_PREFIX;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroize as _;

/// Bytes of chance in a key.
const CHANCE: usize = 32;
/// Characters of the checksum at its end.
const CHECKSUM: usize = 8;

/// What a key begins with: its prefix and the last characters of its id, which are chance and are in the list.
pub fn beginning(id: ApiKeyId) -> String {
    let id = id.0.simple().to_string();
    format!("{KEY_PREFIX}{}", &id[id.len() - 8..])
}

/// A new key's text.
///
/// # Panics
///
/// When the system has no random bytes.
pub fn new_key(id: ApiKeyId) -> String {
    let mut bytes = [0; CHANCE];
    crate::chance::fill(&mut bytes).expect("the system gives random bytes");
    let mut key = format!("{}_{}", beginning(id), hex::encode(bytes));
    bytes.zeroize();
    let checksum = checksum(&key);
    key.push_str(&checksum);
    key
}

/// Whether somebody who gives this means a key, and not the token of a session.
pub fn is_key(text: &str) -> bool {
    text.starts_with(KEY_PREFIX)
}

/// Whether nothing of it is missing or mistyped.
pub fn is_whole(text: &str) -> bool {
    let at = text.len().checked_sub(CHECKSUM);
    at.and_then(|at| text.split_at_checked(at)).is_some_and(|(key, end)| is_key(key) && checksum(key) == end)
}

fn checksum(key: &str) -> String {
    let mut sum = hex::encode(Sha256::digest(key.as_bytes()));
    sum.truncate(CHECKSUM);
    sum
}

#[cfg(test)]
mod tests {
    use counterfoil_domain::time::Timestamp;

    use super::*;
    use crate::ids::mint;

    #[test]
    fn a_key_is_long_begins_with_its_id_and_is_never_the_same() {
        let id: ApiKeyId = mint(Timestamp(1_789_000_000_000));
        let (one, other) = (new_key(id), new_key(id));
        assert_ne!(one, other);
        assert_eq!(one.len(), KEY_PREFIX.len() + 8 + 1 + 2 * CHANCE + CHECKSUM);
        assert!(one.starts_with(&beginning(id)) && is_key(&one) && is_whole(&one));
    }

    #[test]
    fn a_character_more_less_or_other_is_seen() {
        let key = new_key(mint(Timestamp(1_789_000_000_000)));
        for at in 0..key.len() {
            let other = if &key[at..=at] == "0" { "1" } else { "0" };
            let mut wrong = key.clone();
            wrong.replace_range(at..=at, other);
            assert!(!is_whole(&wrong), "{at}");
        }
        for wrong in [&key[1..], &key[..key.len() - 1], "", "cfk_", "cfk_\u{e4}\u{e4}\u{e4}\u{e4}\u{e4}"] {
            assert!(!is_whole(wrong), "{wrong}");
        }
        assert!(!is_whole(&format!("{key}0")) && !is_key("session"));
    }
}
