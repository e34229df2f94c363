//! The states of a lease.

use serde::{Deserialize, Serialize};

/// Where a lease stands. Only an open lease issues; the others differ in what happens to codes not yet seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LeaseState {
    /// The device may issue until `issue_until`.
    Open,
    /// The device said it is done; what it sold and lost stays reserved until `settle_until`.
    Closed,
    /// The operator or the shop withdrew it; codes above the cut are held, also after `settle_until`.
    Revoked,
    /// `settle_until` passed; the escrow went back, unseen codes are late claims on the wallet.
    Expired,
}

impl LeaseState {
    /// The name in databases and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }

    /// The state with this stored name; none is a damaged row.
    pub fn from_stored(name: &str) -> Option<Self> {
        [Self::Open, Self::Closed, Self::Revoked, Self::Expired].into_iter().find(|s| s.as_str() == name)
    }
}
