//! `/market/{offering}/{relationship}`: a customer orders. First what and for whom, then what it costs, then it is ordered.

use askama::Template;
use axum::http::StatusCode;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::ids::{OfferingId, OrderId, RelationshipId};
use counterfoil_wire::market::{MarketOffering, PlacePublicOrder};
use counterfoil_wire::orders::OrderCustomer;
use counterfoil_wire::problem::Code;
use serde::Deserialize;

use super::market::{Price, Stock, path_of, term_of};
use super::words::Trouble;
use super::words::order::{of_offer, of_order, wrong_fields};
use super::{Letterhead, Page, stylesheet_path};
use crate::failure::Failure;
use crate::in_words;

/// What the form sends. All of it text as typed: what is wrong comes back with it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct OrderForm {
    /// Minted when the form was first shown: a repeat after a lost answer is recognised by it.
    order_id: String,
    quantity: String,
    name: String,
    email: String,
    phone: String,
    note: String,
    /// What was shown to be paid, `4148 EUR` in minor units; empty where nothing was shown yet.
    total: String,
    /// Present when the customer goes back to what was typed.
    change: Option<String>,
}

/// Who somebody is: not for the log.
impl std::fmt::Debug for OrderForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrderForm").field("order_id", &self.order_id).finish_non_exhaustive()
    }
}

impl OrderForm {
    /// An empty form, for one unit.
    pub fn new(id: OrderId) -> Self {
        Self { order_id: id.to_string(), quantity: "1".to_owned(), ..Self::default() }
    }

    /// With an id of ours when it came without one, or with one that is none.
    #[must_use]
    pub fn with_id_or(mut self, fresh: OrderId) -> Self {
        if self.order_id.parse::<OrderId>().is_err() {
            self.order_id = fresh.to_string();
        }
        self
    }

    pub fn wants_change(&self) -> bool {
        self.change.is_some()
    }

    /// Units; 0, which nobody can order, where it is no whole number. People write 1,000 and 1 000; 1.5 is not 15.
    pub fn quantity(&self) -> u32 {
        let groups: Vec<&str> = self.quantity.trim().split([' ', ',', '.']).collect();
        let thousands = groups.iter().skip(1).all(|group| group.len() == 3);
        if thousands { groups.concat().parse().unwrap_or_default() } else { 0 }
    }

    pub fn customer(&self) -> OrderCustomer {
        OrderCustomer {
            name: self.name.trim().to_owned(),
            email: self.email.trim().to_owned(),
            phone: self.phone.trim().to_owned(),
            note: self.note.replace("\r\n", "\n").trim().to_owned(),
        }
    }

    /// What to ask the engine, once a total was shown; none before.
    pub fn request(&self, offering: OfferingId, relationship: RelationshipId) -> Option<PlacePublicOrder> {
        let (value, unit) = self.total.split_once(' ')?;
        let total = Amount::new(value.parse().ok()?, unit.parse::<Unit>().ok()?).ok()?;
        Some(PlacePublicOrder {
            order_id: self.order_id.parse().ok()?,
            offering_id: offering,
            relationship_id: relationship,
            quantity: self.quantity(),
            customer: self.customer(),
            total,
        })
    }
}

#[derive(Template)]
#[template(path = "order_form.html")]
struct FormPage<'a> {
    letterhead: &'a Letterhead,
    stylesheet: &'a str,
    offering: &'a MarketOffering,
    offer: Offer,
    form: &'a OrderForm,
    trouble: Option<&'a Trouble>,
    wrong: Vec<(&'static str, String)>,
}

impl FormPage<'_> {
    /// What is wrong with a field.
    fn wrong_with(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|(name, _)| *name == field).map(|(_, said)| said.as_str())
    }
}

#[derive(Template)]
#[template(path = "order_review.html")]
struct ReviewPage<'a> {
    letterhead: &'a Letterhead,
    stylesheet: &'a str,
    offering: &'a MarketOffering,
    offer: Offer,
    form: &'a OrderForm,
    customer: OrderCustomer,
    quantity: u32,
    /// As it is sent back.
    total: String,
    total_words: String,
}

#[derive(Template)]
#[template(path = "offer_gone.html")]
struct GonePage<'a> {
    letterhead: &'a Letterhead,
    stylesheet: &'a str,
    trouble: &'a Trouble,
}

/// What is ordered, in words.
struct Offer {
    path: String,
    price: Price,
    term: Option<String>,
    stock: Stock,
}

impl Offer {
    fn of(offering: &MarketOffering) -> Self {
        let (price, stock) = (Price::of(offering), Stock::of(offering));
        Self { path: path_of(offering), price, term: term_of(offering), stock }
    }
}

/// The form, empty or filled.
pub fn form(letterhead: &Letterhead, offering: &MarketOffering, form: &OrderForm) -> Page {
    let page = FormPage {
        letterhead,
        stylesheet: stylesheet_path(),
        offering,
        offer: Offer::of(offering),
        form,
        trouble: None,
        wrong: Vec::new(),
    };
    Page::render(StatusCode::OK, None, &page)
}

/// The form with what was typed, and what is wrong at each field. `fresh` replaces an id that is used up.
pub fn refused(
    letterhead: &Letterhead,
    offering: &MarketOffering,
    form: &OrderForm,
    failure: &Failure,
    fresh: OrderId,
) -> Page {
    failure.log();
    let trouble = of_order(failure.problem());
    let mut form = form.clone();
    if failure.code() == Code::IdReused {
        form.order_id = fresh.to_string();
    }
    let page = FormPage {
        letterhead,
        stylesheet: stylesheet_path(),
        offering,
        offer: Offer::of(offering),
        form: &form,
        trouble: Some(&trouble),
        wrong: wrong_fields(failure.problem()),
    };
    Page::render(trouble.status, trouble.retry_after_s, &page)
}

/// What was typed and what it costs, to be looked at before it is ordered.
pub fn review(letterhead: &Letterhead, offering: &MarketOffering, form: &OrderForm, total: Amount) -> Page {
    let page = ReviewPage {
        letterhead,
        stylesheet: stylesheet_path(),
        offering,
        offer: Offer::of(offering),
        form,
        customer: form.customer(),
        quantity: form.quantity(),
        total: total.to_string(),
        total_words: in_words::amount(total),
    };
    Page::render(StatusCode::OK, None, &page)
}

/// Nobody sells it, or nobody can be asked right now.
pub fn gone(letterhead: &Letterhead, failure: &Failure) -> Page {
    failure.log();
    let trouble = of_offer(failure.problem());
    let page = GonePage { letterhead, stylesheet: stylesheet_path(), trouble: &trouble };
    Page::render(trouble.status, trouble.retry_after_s, &page)
}

#[cfg(test)]
mod tests {
    use counterfoil_domain::ids::{OfferingId, OrderId, RelationshipId};
    use uuid::Uuid;

    use super::OrderForm;

    const ID: OrderId = OrderId(Uuid::from_u128(7));

    fn asks(form: &OrderForm) -> Option<(i64, u32)> {
        let asked = form.request(OfferingId(Uuid::from_u128(1)), RelationshipId(Uuid::from_u128(2)))?;
        Some((asked.total.value(), asked.quantity))
    }

    #[test]
    fn nothing_is_ordered_before_its_total_was_shown() {
        let mut form = OrderForm { quantity: "1 000".to_owned(), ..OrderForm::new(ID) };
        assert_eq!(asks(&form), None);
        for wrong in ["4148", "4148 euros", "much EUR", "4148  EUR", "9999999999999999999 EUR"] {
            form.total = wrong.to_owned();
            assert_eq!(asks(&form), None, "{wrong}");
        }
        form.total = "4148 EUR".to_owned();
        assert_eq!(asks(&form), Some((4_148, 1_000)));
    }

    #[test]
    fn what_is_no_number_is_no_order() {
        for (typed, units) in [
            ("3", 3),
            (" 1,000 ", 1_000),
            ("1.000", 1_000),
            ("1.5", 0),
            ("2,0", 0),
            ("1, 000", 0),
            ("", 0),
            ("-1", 0),
            ("two", 0),
            ("99999999999", 0),
        ] {
            assert_eq!(OrderForm { quantity: typed.to_owned(), ..OrderForm::default() }.quantity(), units, "{typed}");
        }
    }

    #[test]
    fn an_id_that_is_none_is_replaced() {
        assert_eq!(OrderForm::default().with_id_or(ID).order_id, ID.to_string());
        assert_eq!(OrderForm::new(ID).with_id_or(OrderId(Uuid::from_u128(8))).order_id, ID.to_string());
    }
}
