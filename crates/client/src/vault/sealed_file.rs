//! Secrets in a file that only a passphrase opens: where no keyring answers.
//!
//! `CFV1`, the costs of argon2id, the salt, the nonce and the length of what follows, then all secrets as one sealed
//! message. The whole head is authenticated with it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Secret, SecretStore, VaultError};
use crate::atomic_file;
use crate::chance;

/// Characters of a passphrase at least.
pub(crate) const MIN_PASSPHRASE: usize = 12;

const MAGIC: &[u8; 4] = b"CFV1";
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const SALT: usize = 16;
const NONCE: usize = 24;
const HEAD: usize = MAGIC.len() + 4 + 4 + SALT + NONCE + 4;

/// The opened file. Its key is kept, so that a write costs no second argon2id.
pub(crate) struct SealedFile {
    path: PathBuf,
    salt: [u8; SALT],
    cipher: XChaCha20Poly1305,
    secrets: Secrets,
}

#[derive(Default, Serialize, Deserialize)]
struct Secrets(BTreeMap<String, Zeroizing<Vec<u8>>>);

impl SealedFile {
    pub(crate) fn path(data_dir: &Path) -> PathBuf {
        data_dir.join("vault.sealed")
    }

    /// Makes a new, empty file.
    pub(crate) fn create(path: &Path, passphrase: &str) -> Result<Self, VaultError> {
        if passphrase.chars().count() < MIN_PASSPHRASE {
            return Err(VaultError::PassphraseTooShort(MIN_PASSPHRASE));
        }
        let salt = chance::bytes()?;
        let cipher = derive(passphrase, &salt, MEMORY_KIB, PASSES)?;
        let file = Self { path: path.to_owned(), salt, cipher, secrets: Secrets::default() };
        file.save()?;
        Ok(file)
    }

    /// Opens an existing file.
    pub(crate) fn open(path: &Path, passphrase: &str) -> Result<Self, VaultError> {
        let bytes = std::fs::read(path).map_err(|error| VaultError::of_io("the sealed file cannot be read", &error))?;
        let damaged = || VaultError::Damaged("the sealed file is cut or not a sealed file".into());
        let (head, sealed) = bytes.split_at_checked(HEAD).ok_or_else(damaged)?;
        let mut reader = Reader(head);
        if reader.array::<4>().as_ref() != Some(MAGIC) {
            return Err(damaged());
        }
        let number = |bytes: Option<[u8; 4]>| bytes.map(u32::from_be_bytes).ok_or_else(damaged);
        let memory = number(reader.array())?;
        let passes = number(reader.array())?;
        let salt = reader.array::<SALT>().ok_or_else(damaged)?;
        let nonce = reader.array::<NONCE>().ok_or_else(damaged)?;
        let length = number(reader.array())?;
        // A changed head must not make the next attempt take all memory.
        if usize::try_from(length) != Ok(sealed.len()) || memory > 4 * MEMORY_KIB || passes > 4 * PASSES {
            return Err(damaged());
        }
        let cipher = derive(passphrase, &salt, memory, passes)?;
        let plain = cipher
            .decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: head })
            .map_err(|_| VaultError::WrongPassphrase)?;
        let plain = Zeroizing::new(plain);
        let secrets = serde_json::from_slice(&plain).map_err(|_| damaged())?;
        Ok(Self { path: path.to_owned(), salt, cipher, secrets })
    }

    fn save(&self) -> Result<(), VaultError> {
        let plain =
            Zeroizing::new(serde_json::to_vec(&self.secrets).map_err(|error| VaultError::Damaged(error.to_string()))?);
        let nonce: [u8; NONCE] = chance::bytes()?;
        // The tag adds 16 bytes.
        let length = u32::try_from(plain.len() + 16).map_err(|_| VaultError::Damaged("too many secrets".into()))?;
        let mut file = Vec::with_capacity(HEAD + plain.len() + 16);
        file.extend_from_slice(MAGIC);
        file.extend_from_slice(&MEMORY_KIB.to_be_bytes());
        file.extend_from_slice(&PASSES.to_be_bytes());
        file.extend_from_slice(&self.salt);
        file.extend_from_slice(&nonce);
        file.extend_from_slice(&length.to_be_bytes());
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: &plain, aad: &file })
            .map_err(|_| VaultError::Damaged("the secrets cannot be sealed".into()))?;
        file.extend_from_slice(&sealed);
        atomic_file::write(&self.path, &file)
            .map_err(|error| VaultError::of_io("the sealed file cannot be written", &error))
    }
}

impl SecretStore for SealedFile {
    fn get(&mut self, name: &str) -> Result<Option<Secret>, VaultError> {
        Ok(self.secrets.0.get(name).cloned())
    }

    fn set(&mut self, name: &str, secret: &[u8]) -> Result<(), VaultError> {
        let before = self.secrets.0.insert(name.to_owned(), Zeroizing::new(secret.to_vec()));
        self.save().inspect_err(|_| {
            // What is in memory is what is on the disk.
            match before {
                Some(before) => self.secrets.0.insert(name.to_owned(), before),
                None => self.secrets.0.remove(name),
            };
        })
    }

    fn remove(&mut self, name: &str) -> Result<(), VaultError> {
        if self.secrets.0.remove(name).is_some() { self.save() } else { Ok(()) }
    }
}

fn derive(passphrase: &str, salt: &[u8], memory: u32, passes: u32) -> Result<XChaCha20Poly1305, VaultError> {
    let damaged = |error: argon2::Error| VaultError::Damaged(format!("its key cannot be derived: {error}"));
    let params = Params::new(memory, passes, 1, Some(32)).map_err(damaged)?;
    let mut key = Zeroizing::new([0_u8; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, key.as_mut_slice())
        .map_err(damaged)?;
    XChaCha20Poly1305::new_from_slice(key.as_slice()).map_err(|error| VaultError::Damaged(error.to_string()))
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_at_checked(N)?;
        self.0 = rest;
        taken.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_passphrase_opens_a_whole_file() {
        let folder = tempfile::tempdir().expect("folder");
        let path = SealedFile::path(folder.path());
        assert_eq!(SealedFile::create(&path, "short").err(), Some(VaultError::PassphraseTooShort(MIN_PASSPHRASE)));
        let mut file = SealedFile::create(&path, "correct horse").expect("made");
        file.set("a", b"one").expect("kept");
        file.set("a", b"two").expect("kept");
        drop(file);
        let mut file = SealedFile::open(&path, "correct horse").expect("opened");
        assert_eq!(file.get("a").expect("read").as_deref(), Some(&b"two".to_vec()));
        assert_eq!(file.get("b").expect("read"), None);
        assert_eq!(SealedFile::open(&path, "correct horsf").err(), Some(VaultError::WrongPassphrase));

        let whole = std::fs::read(&path).expect("read");
        assert!(!whole.windows(3).any(|window| window == b"two"), "a secret stands in the file in plain");
        for cut in [0, 3, HEAD - 1, HEAD, whole.len() - 1] {
            std::fs::write(&path, &whole[..cut]).expect("written");
            let refused = SealedFile::open(&path, "correct horse").err();
            assert!(matches!(refused, Some(VaultError::Damaged(_))), "cut at {cut}: {refused:?}");
        }
        let mut changed = whole;
        changed[HEAD + 1] ^= 1;
        std::fs::write(&path, &changed).expect("written");
        assert!(SealedFile::open(&path, "correct horse").is_err());
    }
}
