//! Why a portal cannot be used from here, or did not do what was asked.

use counterfoil_portals::{InvalidConnection, Trouble};
use thiserror::Error;

use crate::outbox::LogWriteError;
use crate::session::SessionError;
use crate::store::StoreError;
use crate::vault::VaultError;

#[derive(Debug, Error)]
pub(crate) enum DirectError {
    #[error("portals are used from the operator's own computers, by staff who may repair accounts")]
    NotPermitted,
    /// Also when its password is not in the keyring any more.
    #[error("this portal is not set up on this computer: set it up while Central can be reached")]
    NotSetUp,
    #[error("no account {0}")]
    NotFound(String),
    #[error("{field}: {message}")]
    Invalid { field: &'static str, message: String },
    /// A person has to decide or to put something right first.
    #[error("{0}")]
    Conflict(String),
    #[error("{} {}", .0.detail, .0.remedy)]
    Portal(Trouble),
    /// The box was told, and Central will not hear of it from here.
    #[error("it was sent to the box, and could not be written down: {0}")]
    NotLogged(LogWriteError),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Log(#[from] LogWriteError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<Trouble> for DirectError {
    fn from(trouble: Trouble) -> Self {
        Self::Portal(trouble)
    }
}

impl From<InvalidConnection> for DirectError {
    fn from(invalid: InvalidConnection) -> Self {
        Self::Conflict(format!("The portal's settings cannot be used: {invalid}. Change them, and set it up again."))
    }
}
