//! Every page there is, filled as customers see it.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::pages::activate::{self, ActivationForm};
use counterfoil_central_platform::pages::apply::{self, ApplyForm};
use counterfoil_central_platform::pages::market::{self, MarketForm};
use counterfoil_central_platform::pages::order;
use counterfoil_central_platform::pages::order_form::{self, OrderForm};
use counterfoil_central_platform::pages::subscription::{self, SubscriptionForm};
use counterfoil_central_platform::pages::{Letterhead, Page};
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{AccountId, ApplicationId, OfferingId, OrderId, ProviderId, RelationshipId, ResellerId};
use counterfoil_domain::market::OrderState;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::brand::ShownBrand;
use counterfoil_wire::market::{MarketOffering, PublicOrder};
use counterfoil_wire::page::Page as WirePage;
use counterfoil_wire::problem::Code;
use counterfoil_wire::public::{Activation, Subscription};
use serde_json::json;
use uuid::Uuid;

/// Noon of 1 December 2026 in Berlin.
pub(crate) const NOW: Timestamp = Timestamp(1_796_122_800_000);
pub(crate) const ID: AccountId = AccountId(Uuid::from_u128(7));
pub(crate) const FRESH: AccountId = AccountId(Uuid::from_u128(8));
pub(crate) const GOOD: &str = "PM2D-M0BP-0419-5CYQ";

pub(crate) fn letterhead() -> Letterhead {
    Letterhead { operator_name: "Lumen Networks".to_owned(), ..Letterhead::default() }
}

/// With a panel name, a colour and a logo.
pub(crate) fn branded() -> Letterhead {
    Letterhead {
        operator_name: "Lumen TV".to_owned(),
        accent: Some("#7a1f5c".parse().expect("a colour")),
        logo: Some("ab".repeat(32)),
        ..letterhead()
    }
}

pub(crate) fn typed(code: &str, username: &str) -> ActivationForm {
    serde_json::from_value(json!({ "code": code, "username": username, "account_id": ID })).expect("form")
}

pub(crate) fn token(token: &str) -> SubscriptionForm {
    serde_json::from_value(json!({ "token": token })).expect("form")
}

pub(crate) fn activation() -> Activation {
    Activation {
        account_id: ID,
        username: "quiet-harbour-0412".to_owned(),
        password: Some("k7mq-2xw9-hd4t".to_owned()),
        token: Some("q3zkyv8jm1t0awc4xr7uhnf2sppbd6eg".to_owned()),
        plan_name: "Monthly".to_owned(),
        term_days: 30,
        last_day: "2026-12-22".to_owned(),
        ends_at: Timestamp(1_797_980_399_999),
        time_zone: "Europe/Berlin".to_owned(),
        repeated: false,
    }
}

pub(crate) fn subscription(status: &str, last_day: Option<&str>) -> Subscription {
    Subscription {
        username: "quiet-harbour-0412".to_owned(),
        status: status.to_owned(),
        plan_name: last_day.map(|_| "Monthly".to_owned()),
        last_day: last_day.map(str::to_owned),
        ends_at: None,
        time_zone: "Europe/Berlin".to_owned(),
        brand: None,
    }
}

/// A shop's own, every text of it this.
pub(crate) fn worn(text: &str) -> ShownBrand {
    ShownBrand { name: text.to_owned(), accent: None, logo: Some(text.to_owned()) }
}

pub(crate) fn refusal(code: Code) -> Failure {
    let failure =
        Failure::new(code, "This code was already used on 1 December 2026 (Berlin), for another account. Ask.");
    match code {
        Code::RateLimited => failure.retry_after_ms(200_000),
        Code::ValidationFailed => Failure::validation(vec![field("username", "a user name has 1 to 50 characters")]),
        _ => failure,
    }
}

fn refused(code: Code, typed_code: &str, username: &str) -> Page {
    activate::refused(&letterhead(), &typed(typed_code, username), &refusal(code), FRESH)
}

pub(crate) const APPLICATION: ApplicationId = ApplicationId(Uuid::from_u128(9));
pub(crate) const FRESH_APPLICATION: ApplicationId = ApplicationId(Uuid::from_u128(10));
pub(crate) const CHOSEN: &str = "correct horse";

/// An application as somebody typed it, every line with this.
pub(crate) fn applied(text: &str) -> ApplyForm {
    serde_json::from_value(json!({ "application_id": APPLICATION, "name": text, "email": text, "phone": text,
        "password": CHOSEN, "password_again": CHOSEN, "business_name": text, "address": text, "kind": "company",
        "expected_customers": text, "terms_accepted": "yes" }))
    .expect("form")
}

/// What is wrong with an empty form.
pub(crate) fn empty_application() -> Failure {
    let names = ["name", "email", "phone", "password", "business_name", "address", "kind", "terms_accepted"];
    Failure::validation(names.map(|name| field(name, "it is empty")).to_vec())
}

fn not_applied(failure: &Failure) -> Page {
    apply::refused(&letterhead(), &applied("Corner Shop"), failure, FRESH_APPLICATION)
}

pub(crate) const ORDER: OrderId = OrderId(Uuid::from_u128(11));
pub(crate) const FRESH_ORDER: OrderId = OrderId(Uuid::from_u128(12));

pub(crate) fn euros(value: i64) -> Amount {
    Amount::new(value, "EUR".parse().expect("unit")).expect("amount")
}

/// One offer, every text of it this.
pub(crate) fn offer(text: &str, stock: Option<i64>) -> MarketOffering {
    let attributes = json!({ "quality": text });
    MarketOffering {
        offering_id: OfferingId(Uuid::from_u128(13)),
        relationship_id: RelationshipId(Uuid::from_u128(14)),
        name: text.to_owned(),
        description: text.to_owned(),
        provider_id: ProviderId(Uuid::from_u128(15)),
        provider_name: text.to_owned(),
        reseller_id: ResellerId(Uuid::from_u128(16)),
        company: text.to_owned(),
        brand: None,
        price_exact: "13.827160369".parse().expect("price"),
        price: euros(1_383),
        term_days: 30,
        attributes: serde_json::from_value(attributes).expect("details"),
        stock,
    }
}

pub(crate) fn looked(search: &str, filtered: bool) -> MarketForm {
    let id = |id: u128| if filtered { Uuid::from_u128(id).to_string() } else { String::new() };
    let after = if filtered { "next" } else { "" };
    let asked = json!({ "search": search, "reseller_id": id(16), "provider_id": id(15), "after": after });
    serde_json::from_value(asked).expect("form")
}

pub(crate) fn found(items: Vec<MarketOffering>) -> WirePage<MarketOffering> {
    let next = (!items.is_empty()).then(|| "more".to_owned());
    WirePage { items, next }
}

/// An order as somebody typed it, every line with this.
pub(crate) fn ordered(text: &str) -> OrderForm {
    serde_json::from_value(json!({ "order_id": ORDER, "quantity": "3", "name": text, "email": text, "phone": text,
        "note": text, "total": "" }))
    .expect("form")
}

/// What is wrong with an empty order.
pub(crate) fn empty_order() -> Failure {
    Failure::validation(["quantity", "name", "email", "phone", "note"].map(|name| field(name, "it is empty")).to_vec())
}

pub(crate) fn order_of(text: &str, state: OrderState) -> PublicOrder {
    PublicOrder {
        contract_id: "CF-7K3M9P2QXA".to_owned(),
        company: text.to_owned(),
        brand: None,
        provider_name: text.to_owned(),
        offering_name: text.to_owned(),
        term_days: 30,
        state,
        quantity: 3,
        delivered: 2,
        total: euros(4_148),
        refunded: euros(1_000),
        details: serde_json::from_value(json!({ "login": text })).expect("details"),
        reason: Some(text.to_owned()),
        created_at: NOW,
        changed_at: NOW,
    }
}

/// The pages of the market.
fn of_market() -> Vec<(&'static str, Page)> {
    let head = letterhead();
    let offers = || vec![offer("Sports package", Some(12)), offer("Films", Some(0)), offer("News", None)];
    let refused =
        |code| order_form::refused(&head, &offer("Sports", None), &ordered("Sam"), &refusal(code), FRESH_ORDER);
    let state = |state| order::shown(&head, &order_of("Sports package", state), "Europe/Berlin");
    vec![
        ("market", market::shown(&head, &looked("", false), &found(offers()))),
        ("market-filtered", market::shown(&head, &looked("sports", true), &found(offers()))),
        ("market-empty", market::shown(&head, &looked("", false), &found(Vec::new()))),
        ("market-nothing", market::shown(&head, &looked("nothing", true), &found(Vec::new()))),
        ("market-unavailable", market::refused(&head, &looked("sports", false), &refusal(Code::Unavailable))),
        ("order-form", order_form::form(&head, &offer("Sports package", Some(12)), &OrderForm::new(ORDER))),
        ("order-sold-out", order_form::form(&head, &offer("Films", Some(0)), &OrderForm::new(ORDER))),
        ("order-empty", order_form::refused(&head, &offer("Sports", None), &ordered(""), &empty_order(), FRESH_ORDER)),
        ("order-changed", refused(Code::Conflict)),
        ("order-limited", refused(Code::RateLimited)),
        (
            "order-review",
            order_form::review(&head, &offer("Sports package", None), &ordered("Sam Sample"), euros(4_148)),
        ),
        ("order-gone", order_form::gone(&head, &refusal(Code::NotFound))),
        ("order-placed", state(OrderState::Placed)),
        ("order-partial", state(OrderState::Partial)),
        ("order-fulfilled", state(OrderState::Fulfilled)),
        ("order-failed", state(OrderState::Failed)),
        ("order-unknown", order::refused(&head, &refusal(Code::NotFound))),
    ]
}

/// Name and page.
pub(crate) fn all() -> Vec<(&'static str, Page)> {
    let head = letterhead();
    let filled: ActivationForm =
        serde_json::from_value(json!({ "code": GOOD, "account_id": ID, "fill": "1" })).expect("form");
    let extended = Activation { password: None, token: None, ..activation() };
    let standing = |status, day| subscription::shown(&head, &subscription(status, day), NOW);
    let mut pages = vec![
        ("activate", activate::form(&head, &ActivationForm::new(ID))),
        ("activate-branded", activate::form(&branded(), &ActivationForm::new(ID))),
        ("activate-filled", activate::form(&head, &filled)),
        ("activate-mistyped", refused(Code::CodeMistyped, "pm2d m08p 0419 5cyq", "")),
        ("activate-short", refused(Code::CodeMistyped, "PM2D-M0BP", "")),
        ("activate-unknown", refused(Code::CodeUnknown, GOOD, "")),
        ("activate-used", refused(Code::AlreadyActivated, GOOD, "")),
        ("activate-expired", refused(Code::CodeExpired, GOOD, "")),
        ("activate-revoked", refused(Code::CodeRevoked, GOOD, "")),
        ("activate-voided", refused(Code::AlreadyVoided, GOOD, "")),
        ("activate-held", refused(Code::CodeHeld, GOOD, "")),
        ("activate-not-sold", refused(Code::CodeNotSold, GOOD, "")),
        ("activate-limited", refused(Code::RateLimited, GOOD, "")),
        ("activate-nobody", refused(Code::NotFound, GOOD, "nobody-here")),
        ("activate-invalid", refused(Code::ValidationFailed, GOOD, "x y")),
        ("activate-internal", refused(Code::Internal, GOOD, "")),
        ("activate-unavailable", refused(Code::Unavailable, GOOD, "")),
        ("activated", activate::done(&head, &activation(), None)),
        ("activated-again", activate::done(&head, &Activation { repeated: true, ..activation() }, None)),
        ("activated-extended", activate::done(&head, &extended, None)),
        ("apply", apply::form(&head, &ApplyForm::new(APPLICATION))),
        ("apply-empty", apply::refused(&head, &ApplyForm::new(APPLICATION), &empty_application(), FRESH_APPLICATION)),
        ("apply-limited", not_applied(&refusal(Code::RateLimited))),
        ("applied", apply::done(&head, &applied("Corner Shop"))),
        ("subscription", subscription::form(&head)),
        ("subscription-unknown", subscription::refused(&head, &token("q3ZkYv8Jm1T0"), &refusal(Code::NotFound))),
        ("subscription-limited", subscription::refused(&head, &token("q3Zk"), &refusal(Code::RateLimited))),
        ("standing-active", standing("active", Some("2026-12-22"))),
        ("standing-quarter", standing("active", Some("2027-02-14"))),
        ("standing-year", standing("active", Some("2027-10-30"))),
        ("standing-last-day", standing("active", Some("2026-12-01"))),
        ("standing-ended", standing("expired", Some("2026-11-03"))),
        ("standing-suspended", standing("suspended", Some("2026-12-22"))),
        ("standing-empty", standing("active", None)),
    ];
    pages.extend(of_market());
    pages
}
