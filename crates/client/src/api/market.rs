//! The market: what is sold of external providers, as customers see it. Needs Central.

use std::sync::Arc;

use counterfoil_wire::market as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::orders::{DetailText, texts};
use super::types::{AmountView, PageRequest, id};
use super::{ApiError, ErrorCode};
use crate::{Client, market};

/// There is no way to jump: `page.offset` is refused.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MarketRequest {
    /// Words, by their beginnings; all must be there.
    pub search: String,
    /// Only what the signed-in shop sells itself.
    pub own: bool,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<String>,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct MarketPage {
    pub rows: Vec<MarketOfferingView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One offering as one reseller sells it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct MarketOfferingView {
    pub offering_id: String,
    pub relationship_id: String,
    pub name: String,
    pub description: String,
    pub provider_id: String,
    pub provider_name: String,
    pub reseller_id: String,
    /// Who sells it.
    pub company: String,
    /// The signed-in shop sells it, and may order it for a customer.
    pub own: bool,
    /// Of one unit with markup, exactly.
    pub price_exact: String,
    /// What one unit costs the customer. Several cost what `price_exact` says for all of them, rounded once.
    pub price: AmountView,
    pub term_days: u32,
    pub attributes: Vec<DetailText>,
    /// Units left; absent is without limit.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stock: Option<i64>,
}

pub async fn market_page(client: &Arc<Client>, request: MarketRequest) -> Result<MarketPage, ApiError> {
    if request.page.after.is_none() && request.page.offset.is_some_and(|offset| offset > 0) {
        return Err(ApiError::new(ErrorCode::ValidationFailed, "this list goes on from a row, not to a place"));
    }
    let till = client.till()?;
    let own = market::own_reseller(&till).await?;
    let reseller_id = match (request.own, own) {
        (false, _) => request.reseller_id.as_deref().map(id).transpose()?,
        (true, Some(own)) => Some(own),
        (true, None) => return Err(ApiError::new(ErrorCode::NotPermitted, "staff sell nothing themselves")),
    };
    let search = request.search.trim();
    let query = wire::MarketQuery {
        after: request.page.after,
        limit: Some(request.page.limit.clamp(1, 500)),
        search: (!search.is_empty()).then(|| search.to_owned()),
        reseller_id,
        provider_id: request.provider_id.as_deref().map(id).transpose()?,
    };
    let page = market::page(&till, &query).await?;
    let view = |row: wire::MarketOffering| MarketOfferingView {
        offering_id: row.offering_id.to_string(),
        relationship_id: row.relationship_id.to_string(),
        name: row.name,
        description: row.description,
        provider_id: row.provider_id.to_string(),
        provider_name: row.provider_name,
        reseller_id: row.reseller_id.to_string(),
        company: row.company,
        own: own == Some(row.reseller_id),
        price_exact: row.price_exact.to_string(),
        price: row.price.into(),
        term_days: u32::from(row.term_days),
        attributes: texts(&row.attributes),
        stock: row.stock,
    };
    Ok(MarketPage { rows: page.items.into_iter().map(view).collect(), next: page.next })
}
