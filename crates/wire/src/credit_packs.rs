//! Credit packs: what resellers can buy at once.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::credit_pack::PackStatus;
use counterfoil_domain::ids::CreditPackId;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreditPack {
    pub pack_id: CreditPackId,
    /// Counts the edits; a sale names the one that was shown.
    pub version: u32,
    pub name: String,
    /// Days of service.
    pub credits: i64,
    /// In the operator's currency.
    pub price: Amount,
    /// The term of the plans it is meant for, in days; absent for any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_days: Option<u16>,
    pub status: PackStatus,
    /// How much less a credit costs than in the dearest active pack, in basis points, rounded half-up. Computed.
    pub discount_bp: u16,
}

/// Create (no `version`) or edit (`version` as it was read).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveCreditPack {
    /// Minted by the caller.
    pub pack_id: CreditPackId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    pub name: String,
    pub credits: i64,
    pub price: Amount,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_days: Option<u16>,
    pub status: PackStatus,
}

/// A pack as the buyer was shown it. Central refuses another version and says what the pack costs now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PackAsShown {
    pub pack_id: CreditPackId,
    pub version: u32,
}
