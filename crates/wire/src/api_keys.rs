//! Keys with which other programs of a reseller use the API.

use std::collections::BTreeSet;

use counterfoil_domain::api_key::ApiScope;
use counterfoil_domain::ids::ApiKeyId;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What every key begins with.
pub const KEY_PREFIX: &str = "cfk_";

/// A key without its secret, which nobody is shown twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKey {
    pub key_id: ApiKeyId,
    pub name: String,
    /// What its text begins with, to tell one from the other.
    pub begins: String,
    pub scopes: BTreeSet<ApiScope>,
    /// User name of the owner who made it.
    pub made_by: String,
    pub made_at: Timestamp,
    /// From this moment on it is refused; none: it does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// To the minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
    /// The address it was used from then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_from: Option<String>,
    /// From this moment on it is refused for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
    /// User name; who of the operator's people it was is told to them alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_by: Option<String>,
    /// Whether the operator revoked it.
    #[serde(default)]
    pub revoked_by_staff: bool,
}

/// A new key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateApiKey {
    /// Minted by the caller.
    pub key_id: ApiKeyId,
    /// 1 to 60 characters, unique among the keys that are not revoked.
    pub name: String,
    /// At least one; each may look things up.
    pub scopes: BTreeSet<ApiScope>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// A key that was made just now, with what is shown only this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeApiKey {
    pub key: ApiKey,
    /// `cfk_…`, for `Authorization: Bearer`.
    pub secret: String,
}

impl std::fmt::Debug for MadeApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeApiKey").field("key", &self.key).finish_non_exhaustive()
    }
}
