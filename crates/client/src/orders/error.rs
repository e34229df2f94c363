//! Why an order could not be shown or worked on.

use thiserror::Error;

use crate::central::CentralError;
use crate::outbox::LogWriteError;
use crate::session::SessionError;
use crate::store::StoreError;

#[derive(Debug, Error)]
pub(crate) enum OrdersError {
    #[error("not a place in the list")]
    Place,
    #[error("this role may not work on orders")]
    NotPermitted,
    /// What was asked for does not follow where the order stands.
    #[error("{0}")]
    Moved(String),
    /// A field of the form is not what it has to be.
    #[error("{message}")]
    Invalid { field: &'static str, message: String },
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Log(#[from] LogWriteError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CentralError> for OrdersError {
    fn from(error: CentralError) -> Self {
        Self::Session(error.into())
    }
}
