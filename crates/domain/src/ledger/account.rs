//! The kinds of accounts and how each is kept.

use serde::{Deserialize, Serialize};

use crate::amount::Amount;

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
    /// Activated, CONSUMED, one per reseller. Floor 0.
    Consumed,
    /// Where funding comes from, one per reseller: its balance is minus everything funded. No floor.
    Funding,
}

impl AccountKind {
    pub const ALL: [Self; 5] = [Self::Wallet, Self::Lease, Self::Issued, Self::Consumed, Self::Funding];

    /// The lowest balance it may have; a wallet's is minus its credit limit.
    pub const fn floor(self, credit_limit: i64) -> i64 {
        match self {
            Self::Wallet => -credit_limit,
            Self::Lease | Self::Issued | Self::Consumed => 0,
            Self::Funding => -Amount::MAX,
        }
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
