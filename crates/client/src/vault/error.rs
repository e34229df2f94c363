//! Why a secret could not be read or kept.

use thiserror::Error;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VaultError {
    /// The keyring is locked, gone, or does not answer in time.
    #[error("the vault does not answer: {0}")]
    Unavailable(String),
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    #[error("a passphrase has at least {0} characters")]
    PassphraseTooShort(usize),
    /// The sealed file was cut or changed.
    #[error("the vault is damaged: {0}")]
    Damaged(String),
    /// A secret that must be there is not. With a keyring that can mean "locked": nothing is made anew because of it.
    #[error("the vault has no {0}")]
    Missing(&'static str),
    #[error("the disk is full")]
    DiskFull,
}

impl VaultError {
    pub(crate) fn of_io(action: &str, error: &std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull {
            Self::DiskFull
        } else {
            Self::Unavailable(format!("{action}: {error}"))
        }
    }
}
