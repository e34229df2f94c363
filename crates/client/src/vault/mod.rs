//! Where the secrets are: the OS keyring, or a file sealed with a passphrase where no keyring answers.
//!
//! Every store lives on one thread of its own. Keyrings may wait for a person, for ever, and some refuse to be called
//! from an asynchronous runtime; here a stuck one costs an error message and nothing else.

mod error;
mod keyring_store;
mod marker;
mod memory;
mod sealed_file;
mod thread;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub use error::VaultError;
pub(crate) use keyring_store::KeyringStore;
pub(crate) use marker::{Kind, Marker};
pub use memory::MemoryStore;
pub(crate) use sealed_file::SealedFile;
pub(crate) use thread::Vault;

/// A secret's bytes; forgotten when dropped.
pub(crate) type Secret = Zeroizing<Vec<u8>>;

/// A place for secrets. Calls may block.
pub(crate) trait SecretStore: Send {
    /// None means unknown, not "never made": a locked keyring answers the same.
    fn get(&mut self, name: &str) -> Result<Option<Secret>, VaultError>;
    /// When this returns, the secret survives a power cut.
    fn set(&mut self, name: &str, secret: &[u8]) -> Result<(), VaultError>;
    fn remove(&mut self, name: &str) -> Result<(), VaultError>;
}

/// The secrets' names.
pub(crate) mod names {
    pub(crate) const DATABASE_KEY: &str = "database-key";
    pub(crate) const DEVICE_KEYS: &str = "device-keys";
    pub(crate) const REFRESH_TOKEN: &str = "refresh-token";
    /// Of the API users of portals that this computer can use without Central.
    pub(crate) const PORTAL_PASSWORDS: &str = "portal-passwords";
    pub(crate) const WATERMARK: &str = "watermark";
    pub(crate) const PROBE: &str = "probe";
}

impl Vault {
    /// Reads a secret that is JSON.
    pub(crate) async fn read<T: for<'de> Deserialize<'de> + Send + 'static>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, VaultError> {
        let secret = self.get(name).await?;
        secret
            .map(|bytes| serde_json::from_slice(&bytes))
            .transpose()
            .map_err(|error| VaultError::Damaged(format!("{name} cannot be read: {error}")))
    }

    /// Keeps a secret as JSON.
    pub(crate) async fn write<T: Serialize + Sync>(&self, name: &'static str, value: &T) -> Result<(), VaultError> {
        let bytes = serde_json::to_vec(value)
            .map_err(|error| VaultError::Damaged(format!("{name} cannot be written: {error}")))?;
        self.set(name, Zeroizing::new(bytes)).await
    }
}
