//! Central's secrets, in one file beside the database and never in it: whoever has only one of the two has nothing.

use std::io::Write as _;
use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_domain::code::{Code, SourceId, SourceKey, derive_key};
use counterfoil_domain::ids::{AccountId, DeviceId, OperatorId, OrderId};
use ed25519_dalek::{SigningKey, VerifyingKey};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The secrets of one Central. All its processes share them.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Keys {
    /// Names `code_master` in leases and lots.
    #[zeroize(skip)]
    key_id: u16,
    /// Every code derives from it.
    code_master: [u8; 32],
    /// Keys the hashes under which codes are stored: 2^55 codes could be searched without it.
    pepper: [u8; 32],
    /// Seed of the Ed25519 key that signs leases.
    lease_seed: [u8; 32],
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    key_id: u16,
    code_master: String,
    pepper: String,
    lease_seed: String,
}

/// Why there are no keys.
#[derive(Debug, Error)]
pub enum KeysError {
    #[error(
        "the key file {path} cannot be used: {reason}. Restore it from its backup; without it no code can be checked"
    )]
    Unusable { path: String, reason: String },
    #[error("the system gave no random bytes: {0}")]
    Random(String),
}

impl Keys {
    /// New random secrets.
    pub fn generate() -> Result<Self, KeysError> {
        let random = || {
            let mut bytes = [0; 32];
            getrandom::fill(&mut bytes).map_err(|e| KeysError::Random(e.to_string()))?;
            Ok(bytes)
        };
        Ok(Self { key_id: 1, code_master: random()?, pepper: random()?, lease_seed: random()? })
    }

    /// Fixed secrets, for tests and their vectors.
    pub const fn fixed(code_master: [u8; 32], pepper: [u8; 32], lease_seed: [u8; 32]) -> Self {
        Self { key_id: 1, code_master, pepper, lease_seed }
    }

    /// Reads the file; makes it, readable by its owner only, when `create` and it does not exist.
    pub fn load(path: &Path, create: bool) -> Result<Self, KeysError> {
        let unusable = |reason: String| KeysError::Unusable { path: path.display().to_string(), reason };
        if create && !path.exists() {
            let keys = Self::generate()?;
            match keys.write_new(path) {
                Ok(()) => return Ok(keys),
                // Another process of the same Central was first.
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(unusable(e.to_string())),
            }
        }
        let text = std::fs::read(path).map_err(|e| unusable(e.to_string()))?;
        let file: KeyFile = serde_json::from_slice(&text).map_err(|e| unusable(e.to_string()))?;
        let decode = |name: &str, text: &str| -> Result<[u8; 32], KeysError> {
            let bytes = STANDARD.decode(text).map_err(|_| unusable(format!("{name} is not base64")))?;
            bytes.try_into().map_err(|_| unusable(format!("{name} is not 32 bytes")))
        };
        Ok(Self {
            key_id: file.key_id,
            code_master: decode("code_master", &file.code_master)?,
            pepper: decode("pepper", &file.pepper)?,
            lease_seed: decode("lease_seed", &file.lease_seed)?,
        })
    }

    fn write_new(&self, path: &Path) -> std::io::Result<()> {
        let file = KeyFile {
            key_id: self.key_id,
            code_master: STANDARD.encode(self.code_master),
            pepper: STANDARD.encode(self.pepper),
            lease_seed: STANDARD.encode(self.lease_seed),
        };
        // Linked into place when complete, so that no other process reads half of it.
        let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(parent)?;
        let draft = parent.join(format!(".keys-{}", crate::tokens::new_token()));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = options.open(&draft)?;
        out.write_all(&serde_json::to_vec_pretty(&file)?)?;
        out.sync_all()?;
        let linked = std::fs::hard_link(&draft, path);
        std::fs::remove_file(&draft)?;
        linked?;
        // Its name, too, before a database is bound to these keys for ever.
        #[cfg(unix)]
        std::fs::File::open(parent)?.sync_all()?;
        Ok(())
    }

    /// Tells these keys from others without telling them.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.keyed(b"counterfoil/fingerprint/v1\0", &[&self.key_id.to_be_bytes(), &self.code_master, &self.lease_seed])
    }

    pub const fn key_id(&self) -> u16 {
        self.key_id
    }

    pub fn lease_signing_key(&self) -> SigningKey {
        SigningKey::from_bytes(&self.lease_seed)
    }

    pub fn lease_verifying_key(&self) -> VerifyingKey {
        self.lease_signing_key().verifying_key()
    }

    /// The key of a lease (its device) or a lot (the nil device).
    pub fn source_key(&self, salt: &[u8; 16], operator: OperatorId, device: DeviceId, source: SourceId) -> SourceKey {
        derive_key(&self.code_master, salt, operator, device, source)
    }

    /// What a code is stored and looked up under. For many codes, [`Self::code_hasher`] is sooner done.
    pub fn code_hash(&self, code: &Code) -> [u8; 16] {
        self.code_hasher().hash(code)
    }

    /// Hashes one code after the other with the key taken in once. To be held only while it is used.
    pub fn code_hasher(&self) -> CodeHasher {
        CodeHasher(self.labelled(b"counterfoil/code/v1\0"))
    }

    /// The password and the subscription token of a customer's account: derived, so that nothing readable is stored
    /// and a repeated activation shows the same.
    pub fn account_secret(&self, account: AccountId, generation: i64, purpose: &str) -> [u8; 32] {
        self.keyed(b"counterfoil/account/v1\0", &[account.as_bytes(), &generation.to_be_bytes(), purpose.as_bytes()])
    }

    /// What opens the page of an order and what people call it by: derived, as [`Self::account_secret`].
    pub fn order_secret(&self, order: OrderId, purpose: &str) -> [u8; 32] {
        self.keyed(b"counterfoil/order/v1\0", &[order.as_bytes(), purpose.as_bytes()])
    }

    /// Seals what Central has to give back, such as a portal's password.
    pub(crate) fn sealing_key(&self) -> [u8; 32] {
        self.keyed(b"counterfoil/sealed/v1\0", &[])
    }

    fn keyed(&self, label: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.labelled(label);
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    fn labelled(&self, label: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.pepper).expect("HMAC takes any key length");
        mac.update(label);
        mac
    }
}

/// What codes are stored under; see [`Keys::code_hasher`].
#[derive(Clone)]
pub struct CodeHasher(Hmac<Sha256>);

impl CodeHasher {
    pub fn hash(&self, code: &Code) -> [u8; 16] {
        let tag = self.0.clone().chain_update(code.reveal()).finalize().into_bytes();
        let mut hash = [0; 16];
        hash.copy_from_slice(&tag[..16]);
        hash
    }
}

/// It holds what the pepper is good for.
impl std::fmt::Debug for CodeHasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeHasher(…)")
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes are found again by it: it must never change.
    #[test]
    fn the_hash_of_a_code_is_that_of_its_text_under_the_pepper() {
        let keys = Keys::fixed([1; 32], [2; 32], [3; 32]);
        let hasher = keys.code_hasher();
        for text in ["PM2D-M0BP-0419-5CYQ", "PM2D-7Y53-DVFR-X0MS"] {
            let mut mac = Hmac::<Sha256>::new_from_slice(&[2; 32]).expect("any length");
            mac.update(format!("counterfoil/code/v1\0{text}").as_bytes());
            let code = Code::parse(text).expect("a code");
            assert_eq!(hasher.hash(&code)[..], mac.finalize().into_bytes()[..16]);
            assert_eq!(keys.code_hash(&code), hasher.hash(&code));
        }
    }

    #[test]
    fn a_key_file_is_made_once_read_back_and_private() {
        let dir = tempfile::tempdir().expect("folder");
        let path = dir.path().join("keys.json");
        assert!(matches!(Keys::load(&path, false), Err(KeysError::Unusable { .. })));
        let made = Keys::load(&path, true).expect("made");
        let read = Keys::load(&path, true).expect("read");
        assert_eq!((made.pepper, made.code_master, made.lease_seed), (read.pepper, read.code_master, read.lease_seed));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).expect("metadata").permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
        std::fs::write(&path, "{").expect("write");
        assert!(matches!(Keys::load(&path, true), Err(KeysError::Unusable { .. })));
    }
}
