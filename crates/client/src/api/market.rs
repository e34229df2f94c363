//! The market: what is sold of external providers, as customers see it. Needs Central.

use std::sync::Arc;

use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::market::{self as domain, Markup, Nanos, QuoteError};
use counterfoil_wire::market as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::admin::wrong;
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
    /// What one unit costs the customer; what several do, `order_quote` says.
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

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OrderTermsRequest {
    pub provider_id: String,
    pub offering_id: String,
    /// As the market shows it.
    pub name: String,
}

/// How the signed-in shop sells an offering now.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrderTerms {
    pub offering_id: String,
    pub name: String,
    /// The provider's price of one unit, exactly.
    pub unit_base: String,
    pub markup_percent: u32,
    pub currency: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OrderQuoteRequest {
    pub unit_base: String,
    pub markup_percent: u32,
    pub currency: String,
    /// 1 to 1,000 units.
    pub quantity: u32,
}

/// What a customer pays, by the rule that Central places orders by.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrderQuote {
    /// For one.
    pub each: AmountView,
    pub total: AmountView,
}

pub async fn order_terms(client: &Arc<Client>, request: OrderTermsRequest) -> Result<OrderTerms, ApiError> {
    let (provider, offering) = (id(&request.provider_id)?, id(&request.offering_id)?);
    let found = market::terms(&*client.till()?, provider, offering, &request.name).await?;
    let gone =
        || ApiError::new(ErrorCode::NotFound, "this shop does not sell that offering, or it is called otherwise now");
    let (offering, markup) = found.ok_or_else(gone)?;
    Ok(OrderTerms {
        offering_id: offering.offering_id.to_string(),
        name: offering.name,
        unit_base: offering.base_price.to_string(),
        markup_percent: u32::from(markup.percent()),
        currency: offering.currency,
    })
}

/// Needs neither Central nor a sign-in: it is arithmetic.
pub async fn order_quote(_: &Arc<Client>, request: OrderQuoteRequest) -> Result<OrderQuote, ApiError> {
    quoted(&request)
}

fn quoted(request: &OrderQuoteRequest) -> Result<OrderQuote, ApiError> {
    let base: Nanos =
        request.unit_base.parse().map_err(|error: domain::NanosError| wrong("unit_base", &error.to_string()))?;
    let markup = Markup::try_from(i64::from(request.markup_percent));
    let markup = markup.map_err(|error| wrong("markup_percent", &error.to_string()))?;
    let Ok(Unit::Minor(currency)) = request.currency.parse::<Unit>() else {
        return Err(wrong("currency", "three capital letters, such as EUR"));
    };
    let refused = |error: QuoteError| wrong("quantity", &error.to_string());
    let costs = |quantity: u32| -> Result<AmountView, ApiError> {
        let quote = domain::quote(base, quantity, markup, currency.minor_digits()).map_err(refused)?;
        let total = Amount::new(quote.total_minor, Unit::Minor(currency));
        Ok(total.map_err(|error| wrong("quantity", &error.to_string()))?.into())
    };
    Ok(OrderQuote { each: costs(1)?, total: costs(request.quantity)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(unit_base: &str, markup_percent: u32, quantity: u32) -> OrderQuoteRequest {
        OrderQuoteRequest { unit_base: unit_base.into(), markup_percent, currency: "EUR".into(), quantity }
    }

    #[test]
    fn a_total_is_the_one_that_central_places_at_also_where_single_prices_do_not_add_up() {
        for (base, percent, quantity) in [
            ("0.833333333", 11, 3),
            ("0.409043044", 28, 779),
            ("12.345678901", 12, 7),
            ("0.000000001", 50, 1_000),
            ("0", 50, 1),
        ] {
            let (nanos, markup) = (base.parse().expect(base), Markup::try_from(i64::from(percent)).expect("a markup"));
            let central = domain::quote(nanos, quantity, markup, 2).expect("a price");
            let shown = quoted(&asked(base, percent, quantity)).expect("a price");
            assert_eq!(shown.total.value, central.total_minor, "{base} + {percent} % × {quantity}");
        }
        // One costs 0.925 to the billionth, three cost 2.774999999: three times one would be 2.78.
        let odd = quoted(&asked("0.833333333", 11, 3)).expect("a price");
        assert_eq!((odd.each.value, odd.total.value), (93, 277));
    }

    #[test]
    fn what_has_no_price_says_where() {
        let field = |request: &OrderQuoteRequest| {
            let error = quoted(request).expect_err("no price");
            error.fields.expect("fields")[0].field.clone()
        };
        assert_eq!(field(&asked("1", 10, 0)), "quantity");
        assert_eq!(field(&asked("1", 51, 1)), "markup_percent");
        assert_eq!(field(&asked("1,5", 10, 1)), "unit_base");
        assert_eq!(field(&asked("9000000000", 0, 2)), "quantity");
        assert_eq!(field(&OrderQuoteRequest { currency: "credits".into(), ..asked("1", 10, 1) }), "currency");
    }
}
