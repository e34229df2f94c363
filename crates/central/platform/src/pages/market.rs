//! `/market`: what resellers sell of what others offer. Searching and filtering are links and a form that asks: what is
//! looked at stands in the address.

use askama::Template;
use axum::http::StatusCode;
use counterfoil_domain::amount::Unit;
use counterfoil_domain::market::Nanos;
use counterfoil_wire::market::{MarketOffering, MarketQuery};
use counterfoil_wire::page;
use serde::Deserialize;

use super::words::Trouble;
use super::words::order::of_market;
use super::{Letterhead, Page, stylesheet_path};
use crate::calendar::days;
use crate::failure::Failure;
use crate::in_words;

/// Offers on one page.
const TOGETHER: u32 = 24;

/// What the address asks for. All of it text: what makes no sense is left out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct MarketForm {
    search: String,
    reseller_id: String,
    provider_id: String,
    after: String,
}

impl MarketForm {
    /// What to ask the engine.
    pub fn query(&self) -> MarketQuery {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        MarketQuery {
            after: given(&self.after),
            limit: Some(TOGETHER),
            search: given(&self.search),
            reseller_id: self.reseller_id.parse().ok(),
            provider_id: self.provider_id.parse().ok(),
        }
    }
}

/// The address of a look at the market.
fn looking(search: &str, reseller: &str, provider: &str, after: &str) -> String {
    let given = [("search", search.trim()), ("reseller_id", reseller), ("provider_id", provider), ("after", after)];
    let given: Vec<(&str, &str)> = given.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    match serde_urlencoded::to_string(&given) {
        Ok(query) if !query.is_empty() => format!("/market?{query}"),
        _ => "/market".to_owned(),
    }
}

/// One offer, in words.
struct Line<'a> {
    offering: &'a MarketOffering,
    price: Price,
    term: Option<String>,
    stock: Stock,
    from_seller: String,
    from_provider: String,
}

impl Line<'_> {
    fn path(&self) -> String {
        path_of(self.offering)
    }
}

/// Where it is ordered.
pub(super) fn path_of(offering: &MarketOffering) -> String {
    format!("/market/{}/{}", offering.offering_id, offering.relationship_id)
}

/// What one unit costs.
pub(super) struct Price {
    /// What a customer pays for one.
    pub(super) one: String,
    /// Where that is rounded: of which the price of several is made.
    pub(super) exact: Option<String>,
}

impl Price {
    pub(super) fn of(offering: &MarketOffering) -> Self {
        let Unit::Minor(currency) = offering.price.unit() else {
            return Self { one: in_words::amount(offering.price), exact: None };
        };
        let step = Nanos::PER_UNIT / 10_i64.pow(u32::from(currency.minor_digits()));
        let rounded = offering.price_exact.get() % step != 0;
        let exact = rounded.then(|| format!("{} {currency}", offering.price_exact));
        Self { one: in_words::amount(offering.price), exact }
    }
}

/// How many are left, where that is limited.
pub(super) struct Stock(Option<i64>);

impl Stock {
    pub(super) const fn of(offering: &MarketOffering) -> Self {
        Self(offering.stock)
    }

    pub(super) fn sold_out(&self) -> bool {
        self.0 == Some(0)
    }

    pub(super) fn left(&self) -> Option<String> {
        self.0.filter(|left| *left > 0).map(|left| format!("{left} left"))
    }
}

/// How long it lasts, where it ends.
pub(super) fn term_of(offering: &MarketOffering) -> Option<String> {
    (offering.term_days > 0).then(|| days(i64::from(offering.term_days)))
}

#[derive(Template)]
#[template(path = "market.html")]
struct ListPage<'a> {
    letterhead: &'a Letterhead,
    stylesheet: &'a str,
    form: &'a MarketForm,
    trouble: Option<&'a Trouble>,
    lines: Vec<Line<'a>>,
    next: Option<String>,
}

impl ListPage<'_> {
    /// From the beginning, where this is not it.
    fn first(&self) -> Option<String> {
        let form = self.form;
        (!form.after.is_empty()).then(|| looking(&form.search, &form.reseller_id, &form.provider_id, ""))
    }

    /// Whose offers are shown, where it is only one's, and the way back to all.
    fn only_seller(&self) -> Option<(&str, String)> {
        let form = self.form;
        let name = self.lines.first().map_or("this seller", |line| line.offering.company.as_str());
        (!form.reseller_id.is_empty()).then(|| (name, looking(&form.search, "", &form.provider_id, "")))
    }

    fn only_provider(&self) -> Option<(&str, String)> {
        let form = self.form;
        let name = self.lines.first().map_or("this provider", |line| line.offering.provider_name.as_str());
        (!form.provider_id.is_empty()).then(|| (name, looking(&form.search, &form.reseller_id, "", "")))
    }

    fn is_everything(&self) -> bool {
        let form = self.form;
        form.search.trim().is_empty() && form.reseller_id.is_empty() && form.provider_id.is_empty()
    }
}

/// What is sold.
pub fn shown(letterhead: &Letterhead, form: &MarketForm, found: &page::Page<MarketOffering>) -> Page {
    let line = |offering| Line::new(form, offering);
    let page = ListPage {
        letterhead,
        stylesheet: stylesheet_path(),
        form,
        trouble: None,
        lines: found.items.iter().map(line).collect(),
        next: found.next.as_deref().map(|next| looking(&form.search, &form.reseller_id, &form.provider_id, next)),
    };
    Page::render(StatusCode::OK, None, &page)
}

/// The form with what was searched, and why there is nothing to show.
pub fn refused(letterhead: &Letterhead, form: &MarketForm, failure: &Failure) -> Page {
    failure.log();
    let trouble = of_market(failure.problem());
    let page = ListPage {
        letterhead,
        stylesheet: stylesheet_path(),
        form,
        trouble: Some(&trouble),
        lines: Vec::new(),
        next: None,
    };
    Page::render(trouble.status, trouble.retry_after_s, &page)
}

impl<'a> Line<'a> {
    fn new(form: &MarketForm, offering: &'a MarketOffering) -> Self {
        Self {
            offering,
            price: Price::of(offering),
            term: term_of(offering),
            stock: Stock::of(offering),
            from_seller: looking(&form.search, &offering.reseller_id.to_string(), &form.provider_id, ""),
            from_provider: looking(&form.search, &form.reseller_id, &offering.provider_id.to_string(), ""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MarketForm, looking};

    fn form(reseller: &str, after: &str) -> MarketForm {
        MarketForm {
            search: " 4k & more ".to_owned(),
            reseller_id: reseller.to_owned(),
            provider_id: String::new(),
            after: after.to_owned(),
        }
    }

    #[test]
    fn what_is_looked_at_stands_in_the_address() {
        let looked = form("", "");
        assert_eq!(looking(&looked.search, "", "", "x=1"), "/market?search=4k+%26+more&after=x%3D1");
        assert_eq!(looking("", "", "", ""), "/market");
    }

    #[test]
    fn what_makes_no_sense_in_an_address_is_left_out() {
        let query = form("nobody", " ").query();
        assert_eq!((query.reseller_id, query.after, query.search.as_deref()), (None, None, Some("4k & more")));
    }
}
