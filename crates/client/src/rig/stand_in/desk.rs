//! What the stand-in answers to a person who is signed in: the market, orders and their steps, a provider's books. A step
//! counts once under its id, as at Central.

use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::ids::{OfferingId, ProviderId, RelationshipId, ResellerId};
use counterfoil_domain::market::{Details, OrderState, OrderStep};
use counterfoil_wire::market::{MarketOffering, MarketQuery};
use counterfoil_wire::orders::{Order, OrderDetail, ProviderAccount, SaveOrder};
use counterfoil_wire::page::Page;
use counterfoil_wire::settlements::{ProviderAccounts, SettleProvider, Settlement};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::super::{START, orders};
use super::answers::problem;
use super::{StandIn, World, sessions};

/// The access token that it knows.
pub(in crate::rig) const ACCESS: &str = "an-access-token";

pub(super) fn routes() -> Router<StandIn> {
    Router::new()
        .route("/api/v1/public/offerings", get(offerings))
        .route("/api/v1/reseller/orders", post(save))
        .route("/api/v1/reseller/orders/{contract}", get(detail))
        .route("/api/v1/reseller/orders/{contract}/{step}", post(step))
        .route("/api/v1/admin/orders/{contract}/{step}", post(step))
        .route("/api/v1/admin/providers/{id}/accounts", get(accounts))
        .route("/api/v1/admin/providers/{id}/settlements", post(settle))
        .route("/api/v1/sessions", get(sessions::list))
        .route("/api/v1/sessions/{id}", delete(sessions::end))
        .layer(from_fn(signed_in))
}

async fn signed_in(request: Request, next: Next) -> Response {
    let known = format!("Bearer {ACCESS}");
    if request.headers().get(header::AUTHORIZATION).is_none_or(|shown| shown.as_bytes() != known.as_bytes()) {
        return problem(StatusCode::UNAUTHORIZED, "not_signed_in");
    }
    next.run(request).await
}

fn euros(value: i64) -> Amount {
    Amount::new(value, "EUR".parse::<Unit>().expect("unit")).expect("amount")
}

fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).expect("what the endpoint takes")
}

/// One thing, as two shops sell it: the test's own and another.
async fn offerings(Query(query): Query<MarketQuery>) -> Json<Page<MarketOffering>> {
    let offering = |seller: u128, name: &str| MarketOffering {
        offering_id: OfferingId(Uuid::from_u128(0x0ff)),
        relationship_id: RelationshipId(Uuid::from_u128(0x7e1 + seller)),
        name: name.into(),
        description: String::new(),
        provider_id: ProviderId(Uuid::from_u128(0x940)),
        provider_name: "Sample Cloud".into(),
        reseller_id: ResellerId(Uuid::from_u128(seller)),
        company: format!("Shop {seller}"),
        brand: None,
        price_exact: "1.65".parse().expect("a price"),
        price: euros(165),
        term_days: 30,
        attributes: Details::default(),
        stock: None,
    };
    let word = query.search.unwrap_or_default().to_lowercase();
    let found = [offering(2, "Seat"), offering(9, "Seat"), offering(9, "Films")].into_iter().filter(|one| {
        one.name.to_lowercase().starts_with(&word) && query.reseller_id.is_none_or(|asked| asked == one.reseller_id)
    });
    Json(Page { items: found.collect(), next: None })
}

fn told(order: Order) -> Response {
    let customer_path = Some(format!("/order/page-of-{}", order.contract_id));
    Json(OrderDetail { order, steps: Vec::new(), customer_path }).into_response()
}

impl World {
    fn called(&self, contract: &str) -> Option<Order> {
        self.orders.values().find(|(_, order)| order.contract_id == contract).map(|(_, order)| order.clone())
    }

    fn keep(&mut self, order: &Order) {
        self.version += 1;
        self.orders.insert(order.order_id.0, (self.version, order.clone()));
    }
}

async fn save(State(central): State<StandIn>, Json(asked): Json<SaveOrder>) -> Response {
    let mut world = central.world();
    if let Some((_, known)) = world.orders.get(&asked.order_id.0) {
        return told(known.clone());
    }
    let state = if asked.place { OrderState::Placed } else { OrderState::Draft };
    let (order_id, customer) = (asked.order_id, asked.customer);
    let order = Order { order_id, customer, ..orders::order(77, state, asked.quantity) };
    world.keep(&order);
    told(order)
}

async fn detail(State(central): State<StandIn>, Path(contract): Path<String>) -> Response {
    let known = central.world().called(&contract);
    known.map_or_else(|| problem(StatusCode::NOT_FOUND, "not_found"), told)
}

async fn step(
    State(central): State<StandIn>,
    Path((contract, name)): Path<(String, String)>,
    Json(asked): Json<Value>,
) -> Response {
    let mut world = central.world();
    let (Some(mut order), Some(step)) = (world.called(&contract), OrderStep::from_stored(&name)) else {
        return problem(StatusCode::NOT_FOUND, "not_found");
    };
    let id: Uuid = read(&asked[if step == OrderStep::Refund { "refund_id" } else { "step_id" }]);
    if world.steps.contains(&id) {
        return told(order);
    }
    let mut all = true;
    if step == OrderStep::Refund {
        order.refunded = euros(order.refunded.value() + read::<Amount>(&asked["amount"]).value());
        all = order.refunded == order.price.total;
    }
    let Some(state) = step.leads_to(order.state, all) else {
        return problem(StatusCode::CONFLICT, "wrong_state");
    };
    order.state = state;
    world.steps.push(id);
    world.keep(&order);
    told(order)
}

async fn accounts(State(central): State<StandIn>, Path(provider): Path<Uuid>) -> Json<ProviderAccounts> {
    let owed = euros(central.world().owed);
    let account = ProviderAccount {
        relationship_id: RelationshipId(Uuid::from_u128(0x7e1)),
        reseller_id: ResellerId(Uuid::from_u128(2)),
        company: "Kiosk".into(),
        provider_id: ProviderId(provider),
        provider_name: "Sample Cloud".into(),
        customers: owed,
        payable: owed,
        settled: euros(0),
        markup: euros(0),
    };
    Json(ProviderAccounts { owed, accounts: vec![account] })
}

async fn settle(
    State(central): State<StandIn>,
    Path(provider): Path<Uuid>,
    Json(asked): Json<SettleProvider>,
) -> Response {
    let mut world = central.world();
    if !world.steps.contains(&asked.settlement_id.0) {
        if asked.amount != euros(world.owed) {
            return problem(StatusCode::CONFLICT, "conflict");
        }
        world.owed = 0;
        world.steps.push(asked.settlement_id.0);
    }
    let SettleProvider { settlement_id, amount, paid_on, reference, note, .. } = asked;
    let (provider_id, recorded_at, recorded_by) = (ProviderId(provider), START, "m.azadi".into());
    let settlement = Settlement {
        settlement_id,
        provider_id,
        amount,
        paid_on,
        reference,
        note,
        recorded_at,
        recorded_by,
        lines: Vec::new(),
    };
    Json(settlement).into_response()
}
