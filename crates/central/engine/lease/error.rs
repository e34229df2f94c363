//! Why no lease was granted, ended or found.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::in_words;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::lease::LeaseTerms;
use counterfoil_wire::problem::Code;
use thiserror::Error;

#[derive(Debug, Error)]
pub(crate) enum LeaseError {
    #[error("a desktop of the operator's staff sells nothing offline")]
    NoReseller,
    #[error("the device is frozen")]
    Quarantined,
    #[error("the reseller is not active")]
    Suspended,
    #[error("the lease id was used by another device")]
    IdReused,
    #[error("the device holds its open leases already")]
    TooMany,
    #[error("there is no plan to sell")]
    NoPlans,
    #[error("{field}: {message}")]
    Invalid { field: &'static str, message: String },
    #[error("{needed} needed, {available} there")]
    Insufficient { needed: Amount, available: Amount },
    #[error("no such lease")]
    Unknown,
    #[error("the lease is already revoked, with another cut")]
    AlreadyRevoked,
    #[error("not about the lease")]
    Failed(Failure),
}

impl From<Failure> for LeaseError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<sqlx::Error> for LeaseError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<LeaseError> for Failure {
    fn from(error: LeaseError) -> Self {
        match error {
            LeaseError::NoReseller => Self::new(
                Code::NotPermitted,
                "This desktop belongs to the operator's staff. Sell from a desktop that a reseller's member enrolled.",
            ),
            LeaseError::Quarantined => quarantined(),
            LeaseError::Suspended => Self::new(
                Code::ResellerSuspended,
                "This reseller is not active, so it gets no new stock. What it holds can still be sold. Ask the operator.",
            ),
            LeaseError::IdReused => {
                Self::new(Code::IdReused, "Another device has a lease with this id. Ask again with a new id.")
            }
            LeaseError::TooMany => Self::new(
                Code::LeaseLimit,
                format!(
                    "This device holds {} open leases, which is the most. Close one, then ask again.",
                    LeaseTerms::MAX_OPEN_PER_DEVICE
                ),
            ),
            LeaseError::NoPlans => {
                Self::new(Code::WrongState, "There is no active plan to sell. Ask the operator to make one.")
            }
            LeaseError::Invalid { field: name, message } => Self::validation(vec![field(name, message)]),
            LeaseError::Insufficient { needed, available } => {
                in_words::insufficient(needed, available, "for this lease", "ask for a smaller lease")
            }
            LeaseError::Unknown => Self::not_found("lease"),
            LeaseError::AlreadyRevoked => Self::new(
                Code::WrongState,
                "The lease is already revoked, with another last sale. The shop was told of that one, so it stays.",
            ),
            LeaseError::Failed(failure) => failure,
        }
    }
}

/// The refusal of what a frozen device may not do.
pub(crate) fn quarantined() -> Failure {
    Failure::new(
        Code::DeviceQuarantined,
        "Central froze this device because its log contradicts what it sent before: a second copy of it may be at \
         work. It can still read. Ask the operator to look at it.",
    )
}
