//! Why the log could not be extended.

use thiserror::Error;

use crate::store::StoreError;
use crate::vault::VaultError;

#[derive(Debug, Error)]
pub(crate) enum LogWriteError {
    #[error("this device is not enrolled")]
    NotEnrolled,
    /// Central froze the device: whatever it issued now could be refused.
    #[error("this device is quarantined: {0}")]
    Quarantined(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultError),
}
