//! What a reseller may do, and the templates that it is taken from.

use std::collections::BTreeSet;

use counterfoil_domain::grant::{Grant, Permissions, Template};
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What one reseller may do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResellerPermissions {
    pub reseller_id: ResellerId,
    /// 0: the defaults, which nobody changed for this reseller.
    pub version: u32,
    /// The template they were taken from; they may differ from it since, and it from them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Template>,
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
    pub template: Option<Template>,
    pub permissions: Permissions,
}

/// What a reseller is given that takes this template now. Resellers that took it before keep what they have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PermissionTemplate {
    pub template: Template,
    /// 0: as it is built in, which nobody changed.
    pub version: u32,
    pub permissions: Permissions,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
}

/// Changes a template as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveTemplate {
    pub version: u32,
    pub permissions: Permissions,
}

/// What a reseller may do, as its devices keep it. Grants are names: a program of last year leaves out those it does not
/// know, and reads on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Policy {
    pub grants: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_accounts: Option<u32>,
    pub max_connections: u16,
}

impl From<&Permissions> for Policy {
    fn from(permissions: &Permissions) -> Self {
        Self {
            grants: permissions.grants.iter().map(|grant| grant.as_str().to_owned()).collect(),
            max_accounts: permissions.max_accounts,
            max_connections: permissions.max_connections,
        }
    }
}

impl From<Policy> for Permissions {
    fn from(policy: Policy) -> Self {
        Self {
            grants: policy.grants.iter().filter_map(|name| Grant::from_stored(name)).collect(),
            max_accounts: policy.max_accounts,
            max_connections: policy.max_connections,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_of_a_newer_central_is_read_as_far_as_it_is_known() {
        let newer = r#"{"grants":["view_accounts","fly"],"max_connections":2,"max_balloons":9}"#;
        let policy: Policy = serde_json::from_str(newer).expect("read");
        let known = Permissions { grants: [Grant::ViewAccounts].into(), max_accounts: None, max_connections: 2 };
        assert_eq!(Permissions::from(policy), known);
        let usual = Permissions::default();
        assert_eq!(Permissions::from(Policy::from(&usual)), usual);
    }
}
