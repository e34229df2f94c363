//! Why codes could not be shown or voided.

use thiserror::Error;

use crate::central::CentralError;
use crate::outbox::LogWriteError;
use crate::session::SessionError;
use crate::store::StoreError;

#[derive(Debug, Error)]
pub(crate) enum CodesError {
    #[error("no such code here")]
    NotFound,
    #[error("not a place in the list")]
    Place,
    #[error("{0} was used before it could be voided")]
    AlreadyActivated(String),
    #[error("{0} is voided already")]
    AlreadyVoided(String),
    #[error("{0} can no longer be voided")]
    NotVoidable(String),
    /// Only the device that sold it has the lease it came from.
    #[error("{0} was sold by another device: void it there, or ask the operator")]
    OtherDevice(String),
    #[error("this role may not void codes")]
    NotPermitted,
    #[error(transparent)]
    Central(#[from] CentralError),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Log(#[from] LogWriteError),
    #[error(transparent)]
    Store(#[from] StoreError),
}
