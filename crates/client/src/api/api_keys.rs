//! API keys, for the owner of a shop and for staff. These pages need Central.

use std::sync::Arc;

use counterfoil_domain::api_key as domain;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::api_keys as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::types::id;
use crate::{Client, api_keys, permissions};

words! {
    /// One thing that a key is for.
    ApiScope { Read, Sell, Accounts }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ApiKeysRequest {
    /// For staff; absent are the keys of the signed-in owner's shop.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ApiKeysView {
    /// The newest first, those that are revoked as well.
    pub keys: Vec<ApiKeyView>,
    /// Whether the role of whoever is signed in may revoke them.
    pub may_revoke: bool,
    /// Whether it is the signed-in owner's shop, and the operator allows it the API.
    pub may_make: bool,
}

/// A key without its secret.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ApiKeyView {
    pub key_id: String,
    pub name: String,
    /// What its text begins with.
    pub begins: String,
    pub scopes: Vec<ApiScope>,
    pub made_by: String,
    pub made_at: i64,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// To the minute.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_from: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_by: Option<String>,
    /// Whether the operator revoked it.
    pub revoked_by_staff: bool,
}

/// `key_id` is minted by the caller.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MakeApiKey {
    pub key_id: String,
    pub name: String,
    pub scopes: Vec<ApiScope>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

/// With the secret, which nobody is shown again.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct MadeApiKey {
    pub key: ApiKeyView,
    pub secret: String,
}

impl std::fmt::Debug for MadeApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeApiKey").field("key", &self.key).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RevokeApiKey {
    /// For staff; absent is the signed-in owner's shop.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<String>,
    pub key_id: String,
}

pub async fn api_keys_list(client: &Arc<Client>, request: ApiKeysRequest) -> Result<ApiKeysView, ApiError> {
    let till = client.till()?;
    let reseller = reseller(request.reseller_id.as_deref())?;
    let keys = api_keys::all(&till, reseller).await?.into_iter().map(Into::into).collect();
    let may_revoke = reseller.is_none() || permissions::may_change(&till).await?;
    let may_make = reseller.is_none() && permissions::own(&till).await?.permissions.allow(Grant::ApiAccess);
    Ok(ApiKeysView { keys, may_revoke, may_make })
}

pub async fn make_api_key(client: &Arc<Client>, request: MakeApiKey) -> Result<MadeApiKey, ApiError> {
    let asked = wire::CreateApiKey {
        key_id: id(&request.key_id)?,
        name: request.name,
        scopes: request.scopes.into_iter().map(Into::into).collect(),
        expires_at: request.expires_at.map(Timestamp),
    };
    let made = api_keys::make(&*client.till()?, &asked).await?;
    Ok(MadeApiKey { key: made.key.into(), secret: made.secret })
}

pub async fn revoke_api_key(client: &Arc<Client>, request: RevokeApiKey) -> Result<ApiKeyView, ApiError> {
    let reseller = reseller(request.reseller_id.as_deref())?;
    Ok(api_keys::revoke(&*client.till()?, reseller, id(&request.key_id)?).await?.into())
}

fn reseller(of: Option<&str>) -> Result<Option<ResellerId>, ApiError> {
    of.map(id).transpose()
}

impl From<wire::ApiKey> for ApiKeyView {
    fn from(key: wire::ApiKey) -> Self {
        Self {
            key_id: key.key_id.to_string(),
            name: key.name,
            begins: key.begins,
            scopes: key.scopes.into_iter().map(Into::into).collect(),
            made_by: key.made_by,
            made_at: key.made_at.0,
            expires_at: key.expires_at.map(|at| at.0),
            last_used_at: key.last_used_at.map(|at| at.0),
            last_used_from: key.last_used_from,
            revoked_at: key.revoked_at.map(|at| at.0),
            revoked_by: key.revoked_by,
            revoked_by_staff: key.revoked_by_staff,
        }
    }
}
