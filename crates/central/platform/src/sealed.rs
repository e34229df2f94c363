//! Secrets of others that Central has to give back, such as a portal's password: sealed before they reach the database.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use thiserror::Error;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::chance;
use crate::keys::Keys;

const NONCE: usize = 24;

/// Why a sealed secret cannot be had.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SealedError {
    #[error("the system gave no random bytes")]
    NoChance,
    #[error("it was sealed with other keys or for another row, or it is damaged")]
    NotOurs,
}

impl Keys {
    /// Seals a secret for one row: nonce (24 bytes), then XChaCha20-Poly1305. It opens for no other row.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn seal(&self, row: Uuid, secret: &str) -> Result<Vec<u8>, SealedError> {
        let mut nonce = [0; NONCE];
        chance::fill(&mut nonce).map_err(|_| SealedError::NoChance)?;
        let payload = Payload { msg: secret.as_bytes(), aad: row.as_bytes() };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| SealedError::NotOurs)?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what [`Keys::seal`] made.
    ///
    /// # Errors
    /// When it was sealed with other keys or for another row, or was changed.
    pub fn open(&self, row: Uuid, sealed: &[u8]) -> Result<Zeroizing<String>, SealedError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(SealedError::NotOurs)?;
        let payload = Payload { msg: sealed, aad: row.as_bytes() };
        let secret = self.cipher().decrypt(&XNonce::from(*nonce), payload).map_err(|_| SealedError::NotOurs)?;
        String::from_utf8(secret).map(Zeroizing::new).map_err(|_| SealedError::NotOurs)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        let key = Zeroizing::new(self.sealing_key());
        XChaCha20Poly1305::new((&*key).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_for_its_row_with_its_keys_and_unchanged_only() {
        let keys = Keys::fixed([1; 32], [2; 32], [3; 32]);
        let [row, other] = [7, 8].map(Uuid::from_u128);
        let sealed = keys.seal(row, "correct horse").expect("sealed");
        assert_eq!(keys.open(row, &sealed).expect("opened").as_str(), "correct horse");
        assert!(!sealed.windows(7).any(|part| part == b"correct"));
        assert_ne!(sealed, keys.seal(row, "correct horse").expect("sealed again"));
        assert_eq!(keys.open(other, &sealed), Err(SealedError::NotOurs));
        assert_eq!(Keys::fixed([1; 32], [9; 32], [3; 32]).open(row, &sealed), Err(SealedError::NotOurs));
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(keys.open(row, &changed), Err(SealedError::NotOurs), "byte {place}");
        }
        assert_eq!(keys.open(row, &sealed[..10]), Err(SealedError::NotOurs));
    }
}
