//! What resellers may do: staff see and decide, a shop sees its own.

use std::sync::Arc;

use counterfoil_domain::grant;
use counterfoil_wire::permissions as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::admin::ResellerRef;
use super::types::id;
use crate::{Client, permissions};

/// A set of names of the domain, as the UI has it.
macro_rules! mirrored {
    ($(#[$doc:meta])* $name:ident { $($variant:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($variant,)* }

        impl From<$name> for grant::$name {
            fn from(one: $name) -> Self {
                match one { $($name::$variant => Self::$variant,)* }
            }
        }

        impl From<grant::$name> for $name {
            fn from(one: grant::$name) -> Self {
                match one { $(grant::$name::$variant => Self::$variant,)* }
            }
        }
    };
}

mirrored! {
    /// One thing that the operator allows a reseller or not.
    Grant {
        CreateAccounts,
        EditAccounts,
        ExtendAccounts,
        ResetTokens,
        ViewAccounts,
        ViewStatistics,
        ViewConnections,
        ArchiveAccounts,
        ViewLogs,
        BulkOperations,
        ApiAccess,
        Branding,
    }
}

mirrored! {
    /// A set of permissions for a reseller to begin with.
    Template { Basic, Premium, Trial, }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Permissions {
    pub grants: Vec<Grant>,
    /// Accounts it may have that are not archived; absent is no limit.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_accounts: Option<u32>,
    /// Connections at once that it may give one account.
    pub max_connections: u16,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ResellerPermissions {
    pub reseller_id: String,
    /// 0: the defaults, which nobody changed for this reseller.
    pub version: u32,
    /// The one they were taken from; they may differ since.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<Template>,
    pub permissions: Permissions,
    /// Accounts that count against its limit; absent where there is none.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts: Option<u32>,
    /// Whether the role of whoever is signed in decides this.
    pub may_change: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveResellerPermissions {
    pub reseller_id: String,
    /// As it was read.
    pub version: u32,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<Template>,
    pub permissions: Permissions,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PermissionTemplates {
    pub templates: Vec<PermissionTemplate>,
    pub may_change: bool,
}

/// What a reseller is given that takes it now.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PermissionTemplate {
    pub template: Template,
    /// 0: as it is built in.
    pub version: u32,
    pub permissions: Permissions,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SavePermissionTemplate {
    pub template: Template,
    /// As it was read.
    pub version: u32,
    pub permissions: Permissions,
}

/// What the shop of this machine may do.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OwnPermissions {
    pub permissions: Permissions,
    /// Accounts that count against its limit; absent where there is none.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts: Option<u32>,
}

pub async fn reseller_permissions(client: &Arc<Client>, request: ResellerRef) -> Result<ResellerPermissions, ApiError> {
    let till = client.till()?;
    let known = permissions::of(&till, id(&request.reseller_id)?).await?;
    Ok(view(known, permissions::may_change(&till).await?))
}

pub async fn save_reseller_permissions(
    client: &Arc<Client>,
    request: SaveResellerPermissions,
) -> Result<ResellerPermissions, ApiError> {
    let till = client.till()?;
    let asked = wire::SavePermissions {
        version: request.version,
        template: request.template.map(Into::into),
        permissions: request.permissions.into(),
    };
    let saved = permissions::save(&till, id(&request.reseller_id)?, &asked).await?;
    Ok(view(saved, permissions::may_change(&till).await?))
}

pub async fn permission_templates(client: &Arc<Client>, (): ()) -> Result<PermissionTemplates, ApiError> {
    let till = client.till()?;
    let templates = permissions::templates(&till).await?.into_iter().map(Into::into).collect();
    Ok(PermissionTemplates { templates, may_change: permissions::may_change(&till).await? })
}

pub async fn save_permission_template(
    client: &Arc<Client>,
    request: SavePermissionTemplate,
) -> Result<PermissionTemplate, ApiError> {
    let asked = wire::SaveTemplate { version: request.version, permissions: request.permissions.into() };
    Ok(permissions::save_template(&*client.till()?, request.template.into(), &asked).await?.into())
}

/// Needs no network once this machine has synced.
pub async fn own_permissions(client: &Arc<Client>, (): ()) -> Result<OwnPermissions, ApiError> {
    let own = permissions::own(&*client.till()?).await?;
    Ok(OwnPermissions { permissions: own.permissions.into(), accounts: own.accounts })
}

fn view(known: wire::ResellerPermissions, may_change: bool) -> ResellerPermissions {
    ResellerPermissions {
        reseller_id: known.reseller_id.to_string(),
        version: known.version,
        template: known.template.map(Into::into),
        permissions: known.permissions.into(),
        accounts: known.accounts,
        may_change,
    }
}

impl From<Permissions> for grant::Permissions {
    fn from(permissions: Permissions) -> Self {
        Self {
            grants: permissions.grants.into_iter().map(Into::into).collect(),
            max_accounts: permissions.max_accounts,
            max_connections: permissions.max_connections,
        }
    }
}

impl From<grant::Permissions> for Permissions {
    fn from(permissions: grant::Permissions) -> Self {
        Self {
            grants: permissions.grants.into_iter().map(Into::into).collect(),
            max_accounts: permissions.max_accounts,
            max_connections: permissions.max_connections,
        }
    }
}

impl From<wire::PermissionTemplate> for PermissionTemplate {
    fn from(template: wire::PermissionTemplate) -> Self {
        Self {
            template: template.template.into(),
            version: template.version,
            permissions: template.permissions.into(),
            changed_at: template.changed_at.map(|at| at.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_wire() {
        for one in grant::Grant::ALL {
            let shown = Grant::from(*one);
            assert_eq!(serde_json::to_value(shown).expect("plain"), one.as_str());
            assert_eq!(grant::Grant::from(shown), *one);
        }
        for one in grant::Template::ALL {
            let shown = Template::from(*one);
            assert_eq!(serde_json::to_value(shown).expect("plain"), one.as_str());
            assert_eq!(grant::Template::from(shown), *one);
        }
    }
}
