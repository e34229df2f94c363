//! Why somebody is not signed in.

use thiserror::Error;

use crate::central::CentralError;
use crate::store::StoreError;
use crate::vault::VaultError;

#[derive(Debug, Error)]
pub(crate) enum SessionError {
    #[error("not the address of a server")]
    Address,
    #[error("this machine is enrolled with {0}; another operator needs another data folder")]
    OtherOperator(String),
    #[error("somebody else chose this password: choose another one to sign in")]
    PasswordChangeNeeded,
    #[error("this machine is enrolled for another shop")]
    OtherReseller,
    /// Staff have worked here without Central, and a shop's log cannot follow on theirs.
    #[error("the operator's staff have worked on this machine: a shop needs another machine, or another data folder")]
    OperatorsOwn,
    #[error("what Central answered to the enrolment cannot be used: {0}")]
    Untrusted(String),
    #[error(transparent)]
    Central(#[from] CentralError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultError),
}
