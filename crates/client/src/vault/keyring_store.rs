//! The OS keyring: Secret Service, Keychain, Credential Manager.
//!
//! The crate's own `Entry::new` sets its store up once per process, and a failure lasts until a restart; so the store is
//! opened here, where it can be opened again, and only handed to the crate's entry.

use std::sync::Arc;

use keyring::{Entry, Error};
use keyring_core::CredentialStore;
use zeroize::Zeroizing;

use super::{Secret, SecretStore, VaultError};

const SERVICE: &str = "io.counterfoil.desktop";

pub(crate) struct KeyringStore {
    store: Arc<CredentialStore>,
    instance: String,
}

impl KeyringStore {
    /// Connects. Proves nothing yet: see `Vault::probe`.
    pub(crate) fn open(instance: String) -> Result<Self, VaultError> {
        Ok(Self { store: connect()?, instance })
    }

    fn entry(&self, name: &str) -> Result<Entry, Error> {
        let inner = self.store.build(SERVICE, &format!("{}/{name}", self.instance), None)?;
        Ok(Entry { inner })
    }

    /// Tries once more on a fresh connection: the keyring's service may have been restarted.
    fn attempt<T>(&mut self, call: impl Fn(&Self) -> Result<T, Error>) -> Result<T, VaultError> {
        match call(self) {
            Err(Error::PlatformFailure(_)) => {
                self.store = connect()?;
                call(self).map_err(|error| unavailable(&error))
            }
            other => other.map_err(|error| unavailable(&error)),
        }
    }
}

impl SecretStore for KeyringStore {
    fn get(&mut self, name: &str) -> Result<Option<Secret>, VaultError> {
        self.attempt(|keyring| match keyring.entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn set(&mut self, name: &str, secret: &[u8]) -> Result<(), VaultError> {
        self.attempt(|keyring| keyring.entry(name)?.set_secret(secret))
    }

    fn remove(&mut self, name: &str) -> Result<(), VaultError> {
        self.attempt(|keyring| match keyring.entry(name)?.delete_credential() {
            Err(Error::NoEntry) => Ok(()),
            other => other,
        })
    }
}

/// Never with the secret: some of the crate's errors carry bytes, their texts do not.
fn unavailable(error: &Error) -> VaultError {
    VaultError::Unavailable(error.to_string())
}

fn connect() -> Result<Arc<CredentialStore>, VaultError> {
    #[cfg(target_os = "macos")]
    let opened = apple_native_keyring_store::keychain::Store::new();
    #[cfg(windows)]
    let opened = windows_native_keyring_store::Store::new();
    #[cfg(all(unix, not(target_os = "macos")))]
    let opened = zbus_secret_service_keyring_store::Store::new();
    let store: Arc<CredentialStore> = opened.map_err(|error| unavailable(&error))?;
    Ok(store)
}
