//! Why a lease could not be taken or closed.

use thiserror::Error;

use crate::central::CentralError;
use crate::outbox::LogWriteError;
use crate::store::StoreError;
use crate::vault::VaultError;

#[derive(Debug, Error)]
pub(crate) enum LeaseError {
    #[error("this device is not enrolled for a reseller")]
    NotAResellerDevice,
    #[error("this device holds no such lease")]
    Unknown,
    #[error("the lease is not open any more")]
    NotOpen,
    /// Its use is counted in the keyring; without that figure it cannot be closed honestly.
    #[error("the keyring knows nothing of this lease, so its use is unknown")]
    NotInKeyring,
    #[error("at most two leases are open on one device")]
    Limit,
    #[error("what Central granted cannot be used: {0}")]
    Untrusted(String),
    #[error("this version does not know the word list {0} of the lease: update the application")]
    WordList(u8),
    #[error(transparent)]
    Central(#[from] CentralError),
    #[error(transparent)]
    Log(#[from] LogWriteError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl LeaseError {
    /// Whether no lease was granted, or one that is of no use here. After anything else Central may have cut it.
    pub(super) fn is_final(&self) -> bool {
        match self {
            Self::Central(error) => error.is_final(),
            Self::Log(_) | Self::Store(_) | Self::Vault(_) => false,
            Self::NotAResellerDevice
            | Self::Unknown
            | Self::NotOpen
            | Self::NotInKeyring
            | Self::Limit
            | Self::Untrusted(_)
            | Self::WordList(_) => true,
        }
    }
}
