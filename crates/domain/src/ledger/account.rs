//! The kinds of accounts and how each is kept.

use serde::{Deserialize, Serialize};

/// What an account stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AccountKind {
    /// A reseller's prepaid balance, AVAIL. Floor: minus its credit limit.
    Wallet,
    /// One lease's ESCROW. Floor 0.
    Lease,
    /// Sold and not yet activated, ISSUED, one per reseller. Floor 0.
    Issued,
    /// Activated, CONSUMED, one per reseller. Untracked.
    Consumed,
    /// Where funding comes from, one per operator and unit. Untracked; its sum is minus everything funded.
    Funding,
}

impl AccountKind {
    pub const ALL: [Self; 5] = [Self::Wallet, Self::Lease, Self::Issued, Self::Consumed, Self::Funding];

    /// Whether it has a balance, a floor and entries.
    pub const fn is_tracked(self) -> bool {
        matches!(self, Self::Wallet | Self::Lease | Self::Issued)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wallet => "wallet",
            Self::Lease => "lease",
            Self::Issued => "issued",
            Self::Consumed => "consumed",
            Self::Funding => "funding",
        }
    }

    /// The kind with this stored name; none is a damaged row.
    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
