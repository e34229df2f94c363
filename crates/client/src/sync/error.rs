//! Why a sync did not finish.

use thiserror::Error;

use crate::api::ErrorCode;
use crate::central::{CentralError, reason};
use crate::lease::LeaseError;
use crate::outbox::LogWriteError;
use crate::store::StoreError;
use crate::vault::VaultError;

#[derive(Debug, Error)]
pub(crate) enum SyncError {
    #[error("this device is not enrolled")]
    NotEnrolled,
    /// Another copy of this device exists; this one may issue nothing more.
    #[error("the device is a copy: {0}")]
    Forked(String),
    #[error("{0}")]
    Confused(String),
    #[error(transparent)]
    Central(#[from] CentralError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Lease(#[from] LeaseError),
    #[error(transparent)]
    Log(#[from] LogWriteError),
}

impl SyncError {
    /// The code the UI has words for.
    pub(crate) fn code(&self) -> ErrorCode {
        match self {
            Self::NotEnrolled => ErrorCode::NotSignedIn,
            Self::Forked(_) => ErrorCode::DeviceForked,
            Self::Confused(_) => ErrorCode::ServerIncompatible,
            Self::Central(error) | Self::Lease(LeaseError::Central(error)) => reason(error),
            Self::Store(StoreError::DiskFull) => ErrorCode::DiskFull,
            Self::Store(_) => ErrorCode::StorageFailed,
            Self::Vault(_) => ErrorCode::VaultUnavailable,
            Self::Lease(_) | Self::Log(_) => ErrorCode::Internal,
        }
    }

    pub(crate) fn central(&self) -> Option<&CentralError> {
        match self {
            Self::Central(error) | Self::Lease(LeaseError::Central(error)) => Some(error),
            _ => None,
        }
    }
}
