//! A store that forgets: for tests, and for nothing else.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

use super::{Secret, SecretStore, VaultError};

/// Secrets in memory. Clones share them, as two openings of one keyring do.
#[derive(Clone, Default)]
pub struct MemoryStore {
    secrets: Arc<Mutex<BTreeMap<String, Secret>>>,
    refuse_writes: Arc<std::sync::atomic::AtomicBool>,
    power: Arc<Mutex<Option<Power>>>,
}

/// False once the machine has no power: then nothing happens any more.
type Power = Box<dyn Fn() -> bool + Send>;

impl MemoryStore {
    /// Asks before and after each write whether the machine still runs: a write can be the last thing before the power
    /// goes, or just not happen.
    pub fn powered_by(&self, power: impl Fn() -> bool + Send + 'static) {
        *self.power.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(power));
    }

    fn has_power(&self) -> Result<(), VaultError> {
        let power = self.power.lock().unwrap_or_else(PoisonError::into_inner);
        if power.as_ref().is_none_or(|power| power()) {
            Ok(())
        } else {
            Err(VaultError::Unavailable("no power".into()))
        }
    }

    /// Makes every further write fail, as a keyring does that was locked meanwhile.
    pub fn refuse_writes(&self, refuse: bool) {
        self.refuse_writes.store(refuse, std::sync::atomic::Ordering::Release);
    }

    /// An independent copy of what is in it now, as in a copied machine.
    #[must_use]
    pub fn fork(&self) -> Self {
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Self { secrets: Arc::new(Mutex::new(secrets)), ..Self::default() }
    }

    /// Forgets everything, as a keyring that was reset.
    pub fn forget(&self) {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemoryStore(…)")
    }
}

impl SecretStore for MemoryStore {
    fn get(&mut self, name: &str) -> Result<Option<Secret>, VaultError> {
        Ok(self.secrets.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    fn set(&mut self, name: &str, secret: &[u8]) -> Result<(), VaultError> {
        if self.refuse_writes.load(std::sync::atomic::Ordering::Acquire) {
            return Err(VaultError::Unavailable("locked".into()));
        }
        self.has_power()?;
        let secret = Zeroizing::new(secret.to_vec());
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), secret);
        self.has_power()
    }

    fn remove(&mut self, name: &str) -> Result<(), VaultError> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        Ok(())
    }
}
