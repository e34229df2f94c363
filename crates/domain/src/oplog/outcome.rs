//! The terminal answer every operation gets. A refusal is an answer too: the log goes on behind it.

use serde::{Deserialize, Serialize};

use crate::settlement::HeldReason;

/// Central's final word on one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum OpOutcome {
    Applied,
    /// Recorded, and waiting for credit or a person.
    Held {
        reason: HeldReason,
    },
    Rejected {
        code: RejectCode,
    },
}

/// Why an operation was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RejectCode {
    /// No such lease, or another device's.
    LeaseUnknown,
    /// The slot, plan or sequence is outside the lease.
    OutsideLease,
    /// The number was used before for another plan: proof of a copy.
    Fork,
    /// The code was used before it could be voided.
    AlreadyActivated,
    AlreadyVoided,
    /// The code was revoked or has expired.
    NotVoidable,
    /// No such code has been sold.
    CodeUnknown,
    /// The figures of a close contradict the lease.
    CloseRefused,
    /// No such order of this reseller.
    OrderUnknown,
    /// The order was ended, or has fewer units left, since the device saw it.
    OrderMoved,
    /// The external id or the details of a fulfilment are not what they have to be.
    FulfilmentRefused,
    /// No such account on this portal, or not for this device.
    AccountUnknown,
    /// The bytes could not be read as an operation.
    Malformed,
}
