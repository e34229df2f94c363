//! Why nothing can be printed.

use thiserror::Error;

use crate::store::StoreError;

#[derive(Debug, Error)]
pub(crate) enum PrintError {
    #[error("the code does not fit into a QR: {0}")]
    Qr(String),
    #[error("nothing to print")]
    Nothing,
    #[error("the page cannot be laid out: {0}")]
    Layout(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}
