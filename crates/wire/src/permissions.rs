//! What a reseller may do.

use counterfoil_domain::grant::Permissions;
use counterfoil_domain::ids::ResellerId;
use serde::{Deserialize, Serialize};

/// What one reseller may do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResellerPermissions {
    pub reseller_id: ResellerId,
    /// 0: the defaults, which nobody changed for this reseller.
    pub version: u32,
    /// The template they were taken from; they may differ from it since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    pub permissions: Permissions,
    /// Accounts it has that are not archived; counted up to its limit, so absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accounts: Option<u32>,
}

/// Changes them as they were read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavePermissions {
    pub version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    pub permissions: Permissions,
}
