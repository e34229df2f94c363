//! The pages of the market: what is sold, a form to order it, and what became of an order. They need no script.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{ClientAddress, QueryString, Segment, TwoIds};
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::pages::market::{self as market_page, MarketForm};
use counterfoil_central_platform::pages::order_form::{self, OrderForm};
use counterfoil_central_platform::pages::{self, Page, Sent, order as order_page};
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{OfferingId, RelationshipId};

use super::web::letterhead;
use crate::engine::App;
use crate::engine::market::{self, Offered};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/market", get(show_market))
        .route("/market/{offering}/{relationship}", get(show_offer).post(order))
        .route("/order/{token}", get(show_order))
}

/// What is sold, as far as the address asks for it.
async fn show_market(State(app): State<App>, asked: Result<QueryString<MarketForm>, Failure>) -> Page {
    let (form, unread) = match asked {
        Ok(QueryString(form)) => (form, Ok(())),
        Err(failure) => (MarketForm::default(), Err(failure)),
    };
    let found = async {
        unread?;
        let operator = market::operator(&app).await?;
        market::list(&mut *app.reader().await?, operator.id, &form.query()).await
    };
    match (letterhead(&app).await, found.await) {
        (letterhead, Ok(found)) => market_page::shown(&letterhead, &form, &found),
        (letterhead, Err(failure)) => market_page::refused(&letterhead, &form, &failure),
    }
}

type Place = TwoIds<OfferingId, RelationshipId>;

async fn find(app: &App, TwoIds(offering, relationship): &Place) -> Result<Offered, Failure> {
    let operator = market::operator(app).await?;
    let found = market::offer(&mut *app.reader().await?, operator.id, *offering, *relationship).await?;
    found.ok_or_else(|| Failure::not_found("offer"))
}

/// The form to order it, with an id for the order.
async fn show_offer(State(app): State<App>, place: Result<Place, Failure>) -> Page {
    let found = async { find(&app, &place?).await };
    match (letterhead(&app).await, found.await) {
        (letterhead, Ok(found)) => order_form::form(&letterhead, &found.offering, &OrderForm::new(mint(app.now()))),
        (letterhead, Err(failure)) => order_form::gone(&letterhead, &failure),
    }
}

/// Says what it costs; ordered is what comes back with that. A form of another site only fills ours.
async fn order(
    State(app): State<App>,
    address: ClientAddress,
    place: Result<Place, Failure>,
    sent: Result<Sent<OrderForm>, Failure>,
) -> Response {
    let (letterhead, fresh) = (letterhead(&app).await, mint(app.now()));
    let place = match place {
        Ok(place) => place,
        Err(failure) => return order_form::gone(&letterhead, &failure).into_response(),
    };
    let (form, only_fills, refusal) = match sent {
        Ok(sent) => (sent.form.with_id_or(fresh), sent.by_another_site, None),
        Err(failure) => (OrderForm::new(fresh), true, Some(failure)),
    };
    let only_fills = only_fills || form.wants_change();
    let asked = form.request(place.0, place.1).filter(|_| !only_fills);
    let tried = match asked {
        // First of all, whatever is sold by now: it may be a repeat after a lost answer.
        Some(asked) => Some(market::place(&app, asked, address).await),
        None => refusal.map(Err),
    };
    if let Some(Ok(placed)) = &tried {
        return pages::go_to(&format!("/order/{}", placed.token));
    }
    let found = match find(&app, &place).await {
        Ok(found) => found,
        Err(failure) => return order_form::gone(&letterhead, &failure).into_response(),
    };
    let refused = |failure| order_form::refused(&letterhead, &found.offering, &form, &failure, fresh);
    let page = match tried {
        Some(Err(failure)) => refused(failure),
        _ if only_fills => order_form::form(&letterhead, &found.offering, &form),
        _ => match costs(&found, &form) {
            Ok(total) => order_form::review(&letterhead, &found.offering, &form, total),
            Err(failure) => refused(failure),
        },
    };
    page.into_response()
}

/// What it costs, if everything on the form is right.
fn costs(found: &Offered, form: &OrderForm) -> Result<Amount, Failure> {
    let wrong = market::wrong_fields(form.quantity(), &form.customer());
    if wrong.is_empty() { market::total(found, form.quantity()) } else { Err(Failure::validation(wrong)) }
}

/// The order that the address opens.
async fn show_order(State(app): State<App>, address: ClientAddress, token: Result<Segment, Failure>) -> Page {
    let found = async {
        let order = market::order(&app, &token?.0, address).await?;
        Ok::<_, Failure>((order, market::operator(&app).await?.time_zone))
    };
    match (letterhead(&app).await, found.await) {
        (letterhead, Ok((order, time_zone))) => order_page::shown(&letterhead, &order, &time_zone),
        (letterhead, Err(failure)) => order_page::refused(&letterhead, &failure),
    }
}
