//! Resellers.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::grant::Template;
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::price_list::PriceTerms;
use counterfoil_domain::reseller::{ResellerStatus, SettlementMode};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::permissions::Policy;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reseller {
    pub reseller_id: ResellerId,
    pub version: u32,
    pub username: String,
    pub company: String,
    pub email: String,
    pub contact: String,
    pub phone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<ResellerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_company: Option<String>,
    pub settlement_mode: SettlementMode,
    pub status: ResellerStatus,
    /// Wallet.
    pub balance: Amount,
    /// Escrowed in leases.
    pub reserved: Amount,
    pub credit_limit: Amount,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_login_at: Option<Timestamp>,
    /// What it may do; only in the feed, so that its devices refuse the same without a network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
    /// Its price list, in the order the entries begin, without those that are over; only in the feed, so that its devices
    /// show the same prices without a network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_list: Option<Vec<PriceTerms>>,
}

/// Create (no `version`, `password` required) or edit (`version` as it was read). The settlement mode is fixed at
/// creation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveReseller {
    /// Minted by the caller.
    pub reseller_id: ResellerId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Also the sign-in of its owner.
    pub username: String,
    /// For its owner, who has to choose another one at the next sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    pub company: String,
    pub email: String,
    pub contact: String,
    pub phone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<ResellerId>,
    pub settlement_mode: SettlementMode,
    /// In the reseller's unit, zero or more.
    pub credit_limit: i64,
    pub status: ResellerStatus,
    /// Only at creation: what it may do at first, as the template is now; absent leaves it the defaults.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Template>,
}

impl std::fmt::Debug for SaveReseller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SaveReseller")
            .field("reseller_id", &self.reseller_id)
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// A reseller directly below the caller's: create (no `version`, `password` required) or edit (`version` as it was
/// read). It settles as its parent does; its credit limit and its status are for the operator.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveSubReseller {
    /// Minted by the caller.
    pub reseller_id: ResellerId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Also the sign-in of its owner.
    pub username: String,
    /// For its owner, who has to choose another one at the next sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    pub company: String,
    pub email: String,
    pub contact: String,
    pub phone: String,
}

impl std::fmt::Debug for SaveSubReseller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SaveSubReseller")
            .field("reseller_id", &self.reseller_id)
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}
