//! Requests for credit: a reseller asks, staff decide.

use serde::{Deserialize, Serialize};

/// Requests of one reseller that wait for an answer, at most.
pub const MAX_OPEN: i64 = 5;

/// Where a request stands. All but `Open` are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TopUpState {
    Open,
    /// Its credit is in the wallet.
    Approved,
    Rejected,
    /// The reseller took it back.
    Cancelled,
}

impl TopUpState {
    pub const ALL: [Self; 4] = [Self::Open, Self::Approved, Self::Rejected, Self::Cancelled];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }
}
