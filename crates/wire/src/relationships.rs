//! Which providers a reseller sells, and at which markup.

use counterfoil_domain::ids::{ProviderId, RelationshipId, ResellerId};
use counterfoil_domain::market::{Markup, ProviderStatus, RelationshipStatus};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A provider as a reseller sees it, who sells it or may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExternalProvider {
    pub provider_id: ProviderId,
    pub name: String,
    pub website: String,
    pub currency: String,
    pub status: ProviderStatus,
    /// Offerings on sale.
    pub offerings: i64,
    /// Absent where there never was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationship: Option<Relationship>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Relationship {
    pub relationship_id: RelationshipId,
    pub reseller_id: ResellerId,
    pub company: String,
    pub provider_id: ProviderId,
    pub provider_name: String,
    pub currency: String,
    pub markup: Markup,
    pub status: RelationshipStatus,
    pub revision: i64,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

/// Opens one, or opens one again that was ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenRelationship {
    /// Minted by the caller: a repeat is answered and opens nothing.
    pub relationship_id: RelationshipId,
    pub provider_id: ProviderId,
    /// Whole percent from 0 to 50; 10 when absent. Read as any number, so that a wrong one is explained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub markup: Option<i64>,
}

/// Orders that were placed keep the markup they were placed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveRelationship {
    /// Whole percent from 0 to 50.
    pub markup: i64,
    /// Active or suspended; it is ended by DELETE.
    pub status: RelationshipStatus,
    /// Of the one that was looked at. A change of an older one is refused.
    pub revision: i64,
}
