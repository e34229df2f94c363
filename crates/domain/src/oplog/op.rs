//! One operation. Its exact bytes are what the chain hashes, so they are made once and kept.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::ids::{AccountId, DeviceId, LeaseId, OpId, OrderId, PlanId, PortalId, SaleId};
use crate::market::Details;
use crate::portal::{BoxContact, BoxOutcome};
use crate::time::Timestamp;

/// The latest version this build reads and writes. Every version ever written stays readable: push never refuses an old
/// one. An operation carries the version that its kind came with ([`OpBody::schema`]), so that a Central which does not
/// know fulfilments still takes the sales of a newer desktop.
pub const SCHEMA: u16 = 3;

/// An operation of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Op {
    pub op_id: OpId,
    pub device_id: DeviceId,
    /// 1, 2, 3 … without a gap.
    pub op_seq: u32,
    pub schema: u16,
    /// The device's clock: for people to read, never trusted.
    pub created_at: Timestamp,
    pub body: OpBody,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum OpBody {
    /// Codes `seq_from..=seq_to` of one slot were handed to a customer.
    Sale {
        sale_id: SaleId,
        lease_id: LeaseId,
        slot: u8,
        plan_id: PlanId,
        seq_from: u32,
        seq_to: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer_email: Option<String>,
    },
    /// A sold code was cancelled before use; the credits go back to the wallet.
    Void { lease_id: LeaseId, seq: u32 },
    /// The device will issue no more from this lease. Both figures come from the keyring.
    CloseLease { lease_id: LeaseId, last_seq: u32, used: i64 },
    /// Units of an order were delivered to its customer. Since schema 2.
    Fulfilment {
        order_id: OrderId,
        /// How many, 1 or more.
        units: u32,
        /// The provider's name for the order.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        external_id: Option<String>,
        /// What the customer needs to use what was delivered.
        #[serde(default, skip_serializing_if = "Details::is_empty")]
        details: Details,
    },
    /// An account is to be written to its portal once more, as Central has it: asked for by the operator's staff where
    /// only the portal could be reached. Since schema 3.
    Reprovision { portal_id: PortalId, account_id: AccountId },
    /// Something was done to a box by the operator's staff over the portal itself, while Central was away. It is over:
    /// Central only writes it down. Since schema 3.
    BoxContact {
        portal_id: PortalId,
        account_id: AccountId,
        contact: BoxContact,
        /// Whether it is known to have been done.
        outcome: BoxOutcome,
    },
}

/// Why bytes are not an operation.
#[derive(Debug, Error)]
pub enum OpError {
    #[error("not an operation: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("operation schema {0} is newer than this Central: update it first")]
    FromTheFuture(u16),
}

impl OpBody {
    /// The lease it is about; none where it is about an order or an account.
    pub const fn lease(&self) -> Option<LeaseId> {
        match self {
            Self::Sale { lease_id, .. } | Self::Void { lease_id, .. } | Self::CloseLease { lease_id, .. } => {
                Some(*lease_id)
            }
            Self::Fulfilment { .. } | Self::Reprovision { .. } | Self::BoxContact { .. } => None,
        }
    }

    /// The version its kind came with.
    pub const fn schema(&self) -> u16 {
        match self {
            Self::Sale { .. } | Self::Void { .. } | Self::CloseLease { .. } => 1,
            Self::Fulfilment { .. } => 2,
            Self::Reprovision { .. } | Self::BoxContact { .. } => 3,
        }
    }
}

impl Op {
    /// The bytes to hash, store and send.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("an operation is plain data")
    }

    /// Reads bytes made by [`Op::to_bytes`] of this or an older version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, OpError> {
        #[derive(Deserialize)]
        struct Versioned {
            schema: u16,
        }
        let Versioned { schema } = serde_json::from_slice(bytes)?;
        if schema > SCHEMA {
            return Err(OpError::FromTheFuture(schema));
        }
        Ok(serde_json::from_slice(bytes)?)
    }
}
