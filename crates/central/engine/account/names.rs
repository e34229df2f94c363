//! What a new account is given, all derived from Central's secret and the account's id, so that a repeated activation
//! shows the same.

use counterfoil_central_platform::keys::Keys;
use counterfoil_domain::ids::AccountId;

/// Without i, l, o and u, which look like others.
const SYMBOLS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

const FIRST: [&str; 64] = [
    "amber", "autumn", "birch", "bold", "brave", "bright", "calm", "cedar", "clear", "clever", "coral", "crisp",
    "dawn", "deep", "early", "east", "fair", "fern", "gentle", "glad", "gold", "grand", "green", "happy", "hazel",
    "honest", "ivory", "jade", "jolly", "keen", "kind", "late", "light", "lively", "lucky", "maple", "mellow", "merry",
    "mild", "misty", "noble", "north", "olive", "opal", "pearl", "plain", "polar", "proud", "quick", "quiet", "rapid",
    "rosy", "royal", "ruby", "sandy", "silver", "smart", "south", "spring", "steady", "summer", "sunny", "warm",
    "west",
];
const SECOND: [&str; 64] = [
    "arrow", "badger", "beacon", "bridge", "brook", "canyon", "castle", "cloud", "comet", "crane", "delta", "dolphin",
    "eagle", "falcon", "field", "finch", "forest", "fox", "garden", "garnet", "glacier", "harbor", "hawk", "heron",
    "hill", "island", "lagoon", "lake", "lantern", "lark", "leaf", "lion", "lynx", "meadow", "meteor", "moon",
    "mountain", "ocean", "orchid", "otter", "owl", "panda", "pine", "planet", "prairie", "puffin", "raven", "reef",
    "river", "robin", "sparrow", "star", "stone", "stork", "stream", "swan", "thistle", "tiger", "trail", "tulip",
    "valley", "wave", "willow", "wolf",
];

/// `amber-otter-4821`; another one for each attempt.
pub(super) fn username(keys: &Keys, account: AccountId, attempt: u32) -> String {
    let secret = keys.account_secret(account, i64::from(attempt), "username");
    let number = u32::from_be_bytes([0, secret[2], secret[3], secret[4]]) % 10_000;
    let word = |words: &[&'static str; 64], byte: u8| words[usize::from(byte) % words.len()];
    format!("{}-{}-{number:04}", word(&FIRST, secret[0]), word(&SECOND, secret[1]))
}

/// `k7mq-2xw9-hd4t`: sixty random bits that can be read out.
pub(crate) fn password(keys: &Keys, account: AccountId, generation: i64) -> String {
    let symbols = symbols(&keys.account_secret(account, generation, "password"), 12);
    format!("{}-{}-{}", &symbols[..4], &symbols[4..8], &symbols[8..])
}

/// Opens the subscription page; 160 random bits.
pub(crate) fn token(keys: &Keys, account: AccountId, generation: i64) -> String {
    symbols(&keys.account_secret(account, generation, "token"), 32)
}

fn symbols(secret: &[u8; 32], count: usize) -> String {
    secret.iter().take(count).map(|byte| char::from(SYMBOLS[usize::from(byte & 31)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_account_is_given_is_always_the_same_and_no_other_account_has_it() {
        let keys = Keys::fixed([1; 32], [2; 32], [3; 32]);
        let [one, other] = [7, 8].map(|n| AccountId::from_bytes([n; 16]));
        assert_eq!(username(&keys, one, 0), username(&keys, one, 0));
        assert_ne!(username(&keys, one, 0), username(&keys, one, 1));
        assert_ne!(password(&keys, one, 1), password(&keys, one, 2));
        assert_ne!(token(&keys, one, 1), token(&keys, other, 1));
        assert_eq!((password(&keys, one, 1).len(), token(&keys, one, 1).len()), (14, 32));
        assert!(username(&keys, one, 0).len() <= 50);
        let distinct: std::collections::HashSet<_> = FIRST.iter().chain(&SECOND).collect();
        assert_eq!(distinct.len(), 128);
    }
}
