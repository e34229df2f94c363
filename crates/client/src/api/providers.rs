//! External providers and what they offer, kept by staff. These pages need Central.

use std::collections::BTreeMap;
use std::sync::Arc;

use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::market::{self as domain, Details, Markup, Nanos};
use counterfoil_wire::page::{MAX_LIMIT, PageQuery};
use counterfoil_wire::providers as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::admin::wrong;
use super::types::{AmountView, PageRequest, id};
use super::{ApiError, ErrorCode};
use crate::{Client, providers};

words! {
    ProviderStatus { Active, Suspended }
    OfferingStatus { Active, Withdrawn }
}

/// There is no way to jump: `page.offset` is refused.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ProvidersRequest {
    /// Part of a name.
    pub search: String,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ProviderRef {
    pub provider_id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ProvidersPage {
    pub rows: Vec<ProviderView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Whether whoever is signed in may change them.
    pub may_manage: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ProviderView {
    pub provider_id: String,
    pub name: String,
    pub contact_name: String,
    pub email: String,
    pub phone: String,
    pub website: String,
    pub currency: String,
    pub status: ProviderStatus,
    pub notes: String,
    pub revision: i64,
    /// On sale.
    pub offerings: i64,
    /// That sell them now.
    pub resellers: i64,
    pub created_at: i64,
    pub changed_at: i64,
}

/// Create (`provider_id` minted by the caller, `revision` 0) or edit (`revision` = the one that was read).
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveProvider {
    pub provider_id: String,
    pub name: String,
    pub contact_name: String,
    pub email: String,
    pub phone: String,
    pub website: String,
    pub currency: String,
    pub status: ProviderStatus,
    pub notes: String,
    pub revision: i64,
}

/// A property of an offering, for people to compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OfferingAttribute {
    /// 1 to 40 characters.
    pub name: String,
    /// 1 to 500 characters.
    pub text: String,
}

/// There is no way to jump: `page.offset` is refused.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OfferingsRequest {
    pub provider_id: String,
    /// Words, by their beginnings; all must be there.
    pub search: String,
    /// Of a shop: on sale where it is absent.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<OfferingStatus>,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OfferingsPage {
    pub rows: Vec<OfferingView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OfferingView {
    pub offering_id: String,
    pub provider_id: String,
    /// The provider's own name for it.
    pub article: String,
    pub name: String,
    pub description: String,
    /// Of one unit, exactly: `12.345678901`.
    pub base_price: String,
    pub currency: String,
    /// 0 where it does not end.
    pub term_days: u32,
    /// By name.
    pub attributes: Vec<OfferingAttribute>,
    /// Units left; absent is without limit.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stock: Option<i64>,
    pub status: OfferingStatus,
    pub revision: i64,
    pub changed_at: i64,
    /// Of one unit with the shop's markup, exactly; absent where there is none.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_exact: Option<String>,
    /// What a customer of the shop pays for one unit.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<AmountView>,
}

/// Create (`offering_id` minted by the caller, `revision` 0) or edit (`revision` = the one that was read).
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveOffering {
    pub provider_id: String,
    pub offering_id: String,
    pub article: String,
    pub name: String,
    pub description: String,
    /// A plain number with a point and nine decimals at most.
    pub base_price: String,
    pub term_days: u32,
    pub attributes: Vec<OfferingAttribute>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stock: Option<i64>,
    pub status: OfferingStatus,
    pub revision: i64,
}

/// A part of a file: up to 500 lines. They are done together or, where one of them is refused, not at all.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ImportOfferings {
    pub provider_id: String,
    /// Says what would be done, and does nothing.
    pub dry_run: bool,
    pub lines: Vec<OfferingLine>,
}

/// One line, as it stands in the file.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OfferingLine {
    /// In the file, from 1.
    pub line: u32,
    pub article: String,
    pub name: String,
    pub description: String,
    pub base_price: String,
    pub term_days: String,
    /// A JSON object of texts, or empty.
    pub attributes: String,
    /// Units, `unlimited`, or empty: then it stays as it is, and a new offering is without limit.
    pub stock: String,
    pub status: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ImportedOfferings {
    pub created: u32,
    pub changed: u32,
    /// Already like this.
    pub same: u32,
    pub written: bool,
    pub refused: Vec<RefusedLine>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RefusedLine {
    pub line: u32,
    /// The column that is wrong: a field of the line.
    pub field: String,
    pub detail: String,
}

impl From<wire::RefusedLine> for RefusedLine {
    fn from(refused: wire::RefusedLine) -> Self {
        Self { line: refused.line, field: refused.field, detail: refused.detail }
    }
}

/// By name. Staff only.
pub async fn provider_page(client: &Arc<Client>, request: ProvidersRequest) -> Result<ProvidersPage, ApiError> {
    let till = client.till()?;
    let page = providers::page(&till, &page_query(request.page, &request.search)?).await?;
    let may_manage = providers::may_manage(&till).await?;
    Ok(ProvidersPage { rows: page.items.into_iter().map(ProviderView::from).collect(), next: page.next, may_manage })
}

/// One provider. Staff only.
pub async fn provider(client: &Arc<Client>, request: ProviderRef) -> Result<ProviderView, ApiError> {
    Ok(providers::one(&*client.till()?, id(&request.provider_id)?).await?.into())
}

pub async fn save_provider(client: &Arc<Client>, request: SaveProvider) -> Result<ProviderView, ApiError> {
    let asked = wire::SaveProvider {
        provider_id: id(&request.provider_id)?,
        name: request.name,
        contact_name: request.contact_name,
        email: request.email,
        phone: request.phone,
        website: request.website,
        currency: request.currency,
        status: request.status.into(),
        notes: request.notes,
        revision: request.revision,
    };
    Ok(providers::save(&*client.till()?, &asked).await?.into())
}

/// What a provider offers, by name. Staff only.
pub async fn offering_page(client: &Arc<Client>, request: OfferingsRequest) -> Result<OfferingsPage, ApiError> {
    let provider = id(&request.provider_id)?;
    let page = providers::offerings(&*client.till()?, provider, &offerings_query(request)?).await?;
    let rows = page.items.into_iter().map(|offering| offering_view(offering, None)).collect();
    Ok(OfferingsPage { rows, next: page.next })
}

pub async fn save_offering(client: &Arc<Client>, request: SaveOffering) -> Result<OfferingView, ApiError> {
    let price = request.base_price.trim().parse::<Nanos>();
    let attributes: BTreeMap<String, String> =
        request.attributes.into_iter().map(|one| (one.name.trim().to_owned(), one.text.trim().to_owned())).collect();
    let asked = wire::SaveOffering {
        offering_id: id(&request.offering_id)?,
        article: request.article,
        name: request.name,
        description: request.description,
        base_price: price.map_err(|error| wrong("base_price", &error.to_string()))?,
        term_days: u16::try_from(request.term_days).map_err(|_| wrong("term_days", "a term is at most 3,660 days"))?,
        attributes: Details::try_from(attributes).map_err(|error| wrong("attributes", &error.to_string()))?,
        stock: request.stock,
        status: request.status.into(),
        revision: request.revision,
    };
    let saved = providers::save_offering(&*client.till()?, id(&request.provider_id)?, &asked).await?;
    Ok(offering_view(saved, None))
}

/// Makes and changes offerings by article, or says what that would do.
pub async fn import_offerings(client: &Arc<Client>, request: ImportOfferings) -> Result<ImportedOfferings, ApiError> {
    let line = |line: OfferingLine| wire::OfferingLine {
        line: line.line,
        article: line.article,
        name: line.name,
        description: line.description,
        base_price: line.base_price,
        term_days: line.term_days,
        attributes: line.attributes,
        stock: line.stock,
        status: line.status,
    };
    let lines = request.lines.into_iter().map(line).collect();
    let part = wire::ImportOfferings { dry_run: request.dry_run, lines };
    let done = providers::import(&*client.till()?, id(&request.provider_id)?, &part).await?;
    Ok(ImportedOfferings {
        created: done.created,
        changed: done.changed,
        same: done.same,
        written: done.written,
        refused: done.refused.into_iter().map(RefusedLine::from).collect(),
    })
}

/// Refuses a jump: these rows are read one page after the other.
fn from_a_row(page: &PageRequest) -> Result<(), ApiError> {
    if page.after.is_none() && page.offset.is_some_and(|offset| offset > 0) {
        return Err(ApiError::new(ErrorCode::ValidationFailed, "these rows are read one page after the other"));
    }
    Ok(())
}

fn searched(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|search| !search.is_empty())
}

pub(super) fn page_query(page: PageRequest, search: &str) -> Result<PageQuery, ApiError> {
    from_a_row(&page)?;
    Ok(PageQuery { after: page.after, limit: Some(page.limit.clamp(1, MAX_LIMIT)), search: searched(search) })
}

pub(super) fn offerings_query(request: OfferingsRequest) -> Result<wire::OfferingsQuery, ApiError> {
    from_a_row(&request.page)?;
    Ok(wire::OfferingsQuery {
        after: request.page.after,
        limit: Some(request.page.limit.clamp(1, MAX_LIMIT)),
        search: searched(&request.search),
        status: request.status.map(Into::into),
    })
}

/// With what it costs at a markup, where there is one.
pub(super) fn offering_view(offering: wire::Offering, markup: Option<Markup>) -> OfferingView {
    let (price_exact, price) = markup.and_then(|markup| marked_up(&offering, markup)).unzip();
    OfferingView {
        offering_id: offering.offering_id.to_string(),
        provider_id: offering.provider_id.to_string(),
        article: offering.article,
        name: offering.name,
        description: offering.description,
        base_price: offering.base_price.to_string(),
        currency: offering.currency,
        term_days: u32::from(offering.term_days),
        attributes: offering
            .attributes
            .iter()
            .map(|(name, text)| OfferingAttribute { name: name.to_owned(), text: text.to_owned() })
            .collect(),
        stock: offering.stock,
        status: offering.status.into(),
        revision: offering.revision,
        changed_at: offering.changed_at.0,
        price_exact,
        price,
    }
}

/// One unit, exactly and as it is paid. None where it has no price that can be ordered.
fn marked_up(offering: &wire::Offering, markup: Markup) -> Option<(String, AmountView)> {
    let Ok(Unit::Minor(currency)) = offering.currency.parse::<Unit>() else { return None };
    let quote = domain::quote(offering.base_price, 1, markup, currency.minor_digits()).ok()?;
    let price = Amount::new(quote.total_minor, Unit::Minor(currency)).ok()?;
    Some((quote.total.to_string(), price.into()))
}

impl From<wire::Provider> for ProviderView {
    fn from(provider: wire::Provider) -> Self {
        Self {
            provider_id: provider.provider_id.to_string(),
            name: provider.name,
            contact_name: provider.contact_name,
            email: provider.email,
            phone: provider.phone,
            website: provider.website,
            currency: provider.currency,
            status: provider.status.into(),
            notes: provider.notes,
            revision: provider.revision,
            offerings: provider.offerings,
            resellers: provider.resellers,
            created_at: provider.created_at.0,
            changed_at: provider.changed_at.0,
        }
    }
}
