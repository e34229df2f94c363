//! Which external providers the shop sells, and at which markup. These pages need Central.

use std::sync::Arc;

use counterfoil_domain::market as domain;
use counterfoil_wire::relationships as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::providers::{
    OfferingsPage, OfferingsRequest, ProviderRef, ProviderStatus, ProvidersRequest, offering_view, offerings_query,
    page_query,
};
use super::types::id;
use crate::{Client, relationships};

words! {
    RelationshipStatus { Active, Suspended, Inactive }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ExternalProvidersPage {
    pub rows: Vec<ExternalProviderView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Whether whoever is signed in may open, change and end relationships.
    pub may_manage: bool,
}

/// A provider as the shop sees it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ExternalProviderView {
    pub provider_id: String,
    pub name: String,
    pub website: String,
    pub currency: String,
    pub status: ProviderStatus,
    /// On sale.
    pub offerings: i64,
    /// Absent where there never was one.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relationship: Option<RelationshipView>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RelationshipView {
    pub relationship_id: String,
    pub provider_id: String,
    pub provider_name: String,
    pub currency: String,
    /// Whole percent.
    pub markup: u8,
    pub status: RelationshipStatus,
    pub revision: i64,
    pub created_at: i64,
    pub changed_at: i64,
}

/// Opens one, or opens one again that was ended: then with the id that it has.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OpenRelationship {
    /// Minted by the caller: a repeat is answered and opens nothing.
    pub relationship_id: String,
    pub provider_id: String,
    /// Whole percent from 0 to 50; 10 when absent.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markup: Option<i64>,
}

/// Orders that were placed keep the markup they were placed with.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveRelationship {
    pub provider_id: String,
    /// Whole percent from 0 to 50.
    pub markup: i64,
    pub status: RelationshipStatus,
    /// Of the one that was looked at.
    pub revision: i64,
}

/// Providers that the shop sells, once sold or may sell, by name.
pub async fn external_provider_page(
    client: &Arc<Client>,
    request: ProvidersRequest,
) -> Result<ExternalProvidersPage, ApiError> {
    let till = client.till()?;
    let page = relationships::external(&till, &page_query(request.page, &request.search)?).await?;
    let may_manage = relationships::may_manage(&till).await?;
    let rows = page.items.into_iter().map(ExternalProviderView::from).collect();
    Ok(ExternalProvidersPage { rows, next: page.next, may_manage })
}

/// What a provider offers, by name, at its own prices and, where the shop has a relationship, with its markup.
pub async fn external_offering_page(
    client: &Arc<Client>,
    request: OfferingsRequest,
) -> Result<OfferingsPage, ApiError> {
    let provider = id(&request.provider_id)?;
    let query = offerings_query(request)?;
    let till = client.till()?;
    let markup = relationships::with(&till, provider).await?.map(|relationship| relationship.markup);
    let page = relationships::offerings(&till, provider, &query).await?;
    let rows = page.items.into_iter().map(|offering| offering_view(offering, markup)).collect();
    Ok(OfferingsPage { rows, next: page.next })
}

pub async fn open_relationship(client: &Arc<Client>, request: OpenRelationship) -> Result<RelationshipView, ApiError> {
    let asked = wire::OpenRelationship {
        relationship_id: id(&request.relationship_id)?,
        provider_id: id(&request.provider_id)?,
        markup: request.markup,
    };
    Ok(relationships::open(&*client.till()?, &asked).await?.into())
}

/// Changes its markup, suspends it, or sells through it again.
pub async fn save_relationship(client: &Arc<Client>, request: SaveRelationship) -> Result<RelationshipView, ApiError> {
    let asked =
        wire::SaveRelationship { markup: request.markup, status: request.status.into(), revision: request.revision };
    Ok(relationships::save(&*client.till()?, id(&request.provider_id)?, &asked).await?.into())
}

/// Nothing new is sold through it; its orders are worked to their end.
pub async fn end_relationship(client: &Arc<Client>, request: ProviderRef) -> Result<RelationshipView, ApiError> {
    Ok(relationships::end(&*client.till()?, id(&request.provider_id)?).await?.into())
}

impl From<wire::ExternalProvider> for ExternalProviderView {
    fn from(provider: wire::ExternalProvider) -> Self {
        Self {
            provider_id: provider.provider_id.to_string(),
            name: provider.name,
            website: provider.website,
            currency: provider.currency,
            status: provider.status.into(),
            offerings: provider.offerings,
            relationship: provider.relationship.map(Into::into),
        }
    }
}

impl From<wire::Relationship> for RelationshipView {
    fn from(relationship: wire::Relationship) -> Self {
        Self {
            relationship_id: relationship.relationship_id.to_string(),
            provider_id: relationship.provider_id.to_string(),
            provider_name: relationship.provider_name,
            currency: relationship.currency,
            markup: relationship.markup.percent(),
            status: relationship.status.into(),
            revision: relationship.revision,
            created_at: relationship.created_at.0,
            changed_at: relationship.changed_at.0,
        }
    }
}
