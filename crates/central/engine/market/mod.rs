//! The market: what resellers sell of what others offer, to anybody, without a sign-in (product.md X2).
//!
//! Everybody sees the same: offerings that are sold, each once for every reseller that sells it, at its price. What an order
//! becomes is for `orders`; here is only what the public may do, and how often.

mod list;
mod repo;
pub(crate) mod told;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::market::{QuoteError, quote};
use counterfoil_wire::market::{PlacePublicOrder, PublicOrder, PublicOrderPlaced};
use counterfoil_wire::orders::OrderCustomer;
use counterfoil_wire::problem::{Code, FieldProblem};

use super::audit::Actor;
use super::operators::{self, Operator};
use super::orders::{self, NewPublicOrder};
use super::rate::{self, Limit};
use super::{App, resellers};
pub(crate) use list::{Offered, list, offer};

const HOUR_MS: i64 = 3_600_000;

/// An order takes stock and is work for a person, so every well-filled one counts.
const PER_NETWORK: Limit = Limit { hits: 30, window_ms: HOUR_MS };
const OVERALL: Limit = Limit { hits: 1_000, window_ms: HOUR_MS };

/// Nobody guesses a token; this keeps those who try from keeping the database busy.
const MISSES: Limit = Limit { hits: 60, window_ms: HOUR_MS };

const LONGEST_TOKEN: usize = 64;

/// The largest order.
const MOST_UNITS: u32 = 1_000;

/// Whose market it is.
pub(crate) async fn operator(app: &App) -> Result<Operator, Failure> {
    operators::first(&mut *app.reader().await?).await?.ok_or_else(|| {
        Failure::new(Code::Unavailable, "This Central has no operator yet: run `counterfoil-central admin create`.")
    })
}

/// Takes a customer's order. The same again under the same id is answered like the first.
pub(crate) async fn place(
    app: &App,
    asked: PlacePublicOrder,
    address: ClientAddress,
) -> Result<PublicOrderPlaced, Failure> {
    let wrong = wrong_fields(asked.quantity, &asked.customer);
    if !wrong.is_empty() {
        return Err(Failure::validation(wrong));
    }
    count(app, address).await?;
    let operator = operator(app).await?;
    let new = NewPublicOrder {
        order_id: asked.order_id,
        offering_id: asked.offering_id,
        relationship_id: asked.relationship_id,
        quantity: asked.quantity,
        customer: asked.customer,
        total: asked.total,
        actor: Actor::customer(address),
    };
    let mut work = app.begin(operator.id).await?;
    let placed = orders::place_public(&mut work, app.keys(), new).await?;
    work.commit().await?;
    Ok(PublicOrderPlaced {
        contract_id: placed.order.contract_id,
        token: placed.token,
        total: placed.order.price.total,
    })
}

/// What is wrong with what a customer typed, without ordering anything.
pub(crate) fn wrong_fields(quantity: u32, customer: &OrderCustomer) -> Vec<FieldProblem> {
    let note_fits = customer.note.chars().count() <= 1_000
        && !customer.note.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    let quantity = (!(1..=MOST_UNITS).contains(&quantity)).then(|| field("quantity", "1 to 1,000 units"));
    let of_customer = [
        resellers::text("name", customer.name.trim(), 1, 100),
        resellers::email(customer.email.trim()),
        resellers::text("phone", customer.phone.trim(), 0, 40),
        (!note_fits).then(|| field("note", "up to 1,000 characters")),
    ];
    let named = |wrong: FieldProblem| field(&format!("customer.{}", wrong.field), wrong.message);
    quantity.into_iter().chain(of_customer.into_iter().flatten().map(named)).collect()
}

/// What so many units of it cost the customer; a refusal at the quantity where that is no price.
pub(crate) fn total(offered: &Offered, quantity: u32) -> Result<Amount, Failure> {
    let wrong = |error| match error {
        QuoteError::Quantity => field("quantity", "1 to 1,000 units"),
        QuoteError::TooLarge => field("quantity", "an order costs 9,000,000,000 at most: order fewer units"),
    };
    let priced = quote(offered.base, quantity, offered.markup, offered.currency.minor_digits())
        .map_err(|error| Failure::validation(vec![wrong(error)]))?;
    Amount::new(priced.total_minor, Unit::Minor(offered.currency)).map_err(Failure::internal)
}

/// The order that a token opens. A wrong token counts, so that nobody tries many.
pub(crate) async fn order(app: &App, token: &str, address: ClientAddress) -> Result<PublicOrder, Failure> {
    let unknown = || Failure::not_found("order");
    if token.is_empty() || token.len() > LONGEST_TOKEN {
        return Err(unknown());
    }
    let (bucket, now) = (format!("order-miss/network/{}", address.network()), app.now());
    let mut reader = app.reader().await?;
    rate::check(&mut reader, &bucket, MISSES, now).await?;
    if let Some(found) = orders::by_token(&mut reader, token).await? {
        return Ok(found);
    }
    drop(reader);
    let mut tx = app.transaction().await?;
    rate::count(&mut tx, &bucket, MISSES, now).await?;
    rate::forget_old(&mut tx, now).await?;
    tx.commit().await?;
    Err(unknown())
}

async fn count(app: &App, address: ClientAddress) -> Result<(), Failure> {
    let (mut tx, now) = (app.transaction().await?, app.now());
    let buckets = [("order/all".to_owned(), OVERALL), (format!("order/network/{}", address.network()), PER_NETWORK)];
    for (bucket, limit) in &buckets {
        rate::take(&mut tx, bucket, *limit, now).await?;
    }
    rate::forget_old(&mut tx, now).await?;
    Ok(tx.commit().await?)
}
