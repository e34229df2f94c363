//! Opaque tokens: 256 random bits for the bearer, their SHA-256 for the database.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroize as _;

/// A new token.
///
/// # Panics
///
/// When the system has no random bytes.
pub fn new_token() -> String {
    let mut bytes = [0; 32];
    crate::chance::fill(&mut bytes).expect("the system gives random bytes");
    let token = URL_SAFE_NO_PAD.encode(bytes);
    bytes.zeroize();
    token
}

/// A password for somebody who has to change it: 120 random bits, short enough to be read out.
///
/// # Panics
///
/// As [`new_token`].
pub fn new_password() -> String {
    new_token().chars().take(20).collect()
}

/// What is stored of a token. No salt: the token has all the randomness there is.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
