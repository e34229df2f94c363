//! The states of a code (product.md C2).

use serde::{Deserialize, Serialize};

/// Where a code stands. `Voided` is a cancelled sale whose credits went back; `Revoked` is a withdrawal without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CodeState {
    Generated,
    Allocated,
    Leased,
    Sold,
    Activated,
    Held,
    Expired,
    Revoked,
    Voided,
}

impl CodeState {
    pub const ALL: [Self; 9] = [
        Self::Generated,
        Self::Allocated,
        Self::Leased,
        Self::Sold,
        Self::Activated,
        Self::Held,
        Self::Expired,
        Self::Revoked,
        Self::Voided,
    ];

    /// The name in databases and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Generated => "generated",
            Self::Allocated => "allocated",
            Self::Leased => "leased",
            Self::Sold => "sold",
            Self::Activated => "activated",
            Self::Held => "held",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Voided => "voided",
        }
    }

    /// The state with this stored name; none is a damaged row and must fail, never default.
    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Void is possible while the code is unused.
    pub const fn is_unused(self) -> bool {
        matches!(self, Self::Generated | Self::Allocated | Self::Leased | Self::Sold)
    }
}
