//! Customers' orders of what external providers offer: a reseller's members work on its own, staff see all.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{JsonBody, QueryString, Segment};
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::order_import::{ImportOrders, ImportedOrders};
use counterfoil_wire::orders::{
    EndOrder, FulfilOrder, Order, OrderDetail, OrderSummary, OrdersQuery, PayOrder, PlaceOrder, RefundOrder, SaveOrder,
    SubmitOrder,
};
use counterfoil_wire::page::Page;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller};
use crate::engine::App;
use crate::engine::orders::{self, Asker, Step, Viewer};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(admin_list))
        .routes(routes!(import))
        .routes(routes!(admin_get))
        .routes(routes!(admin_refund))
        .routes(routes!(list, create))
        .routes(routes!(summary))
        .routes(routes!(get, edit))
        .routes(routes!(place))
        .routes(routes!(pay))
        .routes(routes!(submit))
        .routes(routes!(fulfil))
        .routes(routes!(fail))
        .routes(routes!(cancel))
        .routes(routes!(refund))
}

impl StaffCaller {
    fn of_orders(&self, action: StaffAction) -> Result<Asker<'_>, Failure> {
        self.require(action)?;
        Ok(Asker { operator: self.operator, viewer: Viewer::Staff, actor: &self.actor })
    }
}

impl MemberCaller {
    /// Of the own reseller: orders of those below are theirs.
    fn of_orders(&self, action: MemberAction) -> Result<Asker<'_>, Failure> {
        self.require(action)?;
        Ok(Asker { operator: self.operator, viewer: Viewer::Reseller(self.reseller), actor: &self.actor })
    }
}

/// What every step of a reseller's order is answered.
async fn stepped(app: &App, caller: &MemberCaller, contract_id: &str, step: Step<'_>) -> Answer {
    let asker = caller.of_orders(MemberAction::HandleOrders)?;
    orders::step(app, &asker, contract_id, step).await.map(Json)
}

/// An order as it is now.
type Answer = Result<Json<OrderDetail>, Failure>;

/// Orders of all resellers: of one state the oldest first, else the latest.
#[utoipa::path(get, path = "/api/v1/admin/orders", tag = "orders", params(OrdersQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<Order>)))]
async fn admin_list(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<OrdersQuery>,
) -> Result<Json<Page<Order>>, Failure> {
    orders::list(&app, &caller.of_orders(StaffAction::View)?, &query).await.map(Json)
}

/// A part of a file of orders of an older system: taken over with their contract ids, all of its lines or none. Or, as a dry
/// run, only told.
#[utoipa::path(post, path = "/api/v1/admin/orders/import", tag = "orders", request_body = ImportOrders,
    security(("bearer" = [])),
    responses((status = 200, description = "What became of the lines, or would", body = ImportedOrders)))]
async fn import(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<ImportOrders>,
) -> Result<Json<ImportedOrders>, Failure> {
    orders::import(&app, &caller.of_orders(StaffAction::ManageProviders)?, &asked).await.map(Json)
}

/// One order with all that was done with it.
#[utoipa::path(get, path = "/api/v1/admin/orders/{contract_id}", tag = "orders", params(("contract_id" = String, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The order", body = OrderDetail)))]
async fn admin_get(State(app): State<App>, caller: StaffCaller, Segment(contract_id): Segment) -> Answer {
    orders::detail(&app, &caller.of_orders(StaffAction::View)?, &contract_id).await.map(Json)
}

/// Says that a customer got a part of the money back, or all of it.
#[utoipa::path(post, path = "/api/v1/admin/orders/{contract_id}/refund", tag = "orders",
    params(("contract_id" = String, Path)), request_body = RefundOrder, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = OrderDetail)))]
async fn admin_refund(
    State(app): State<App>,
    caller: StaffCaller,
    Segment(contract_id): Segment,
    JsonBody(asked): JsonBody<RefundOrder>,
) -> Answer {
    orders::refund(&app, &caller.of_orders(StaffAction::MoveCredits)?, &contract_id, &asked).await.map(Json)
}

/// The caller's queue: of one state the oldest first, else the latest.
#[utoipa::path(get, path = "/api/v1/reseller/orders", tag = "orders", params(OrdersQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<Order>)))]
async fn list(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<OrdersQuery>,
) -> Result<Json<Page<Order>>, Failure> {
    orders::list(&app, &caller.of_orders(MemberAction::HandleOrders)?, &query).await.map(Json)
}

/// Writes an order for a customer, as a draft or placed.
#[utoipa::path(post, path = "/api/v1/reseller/orders", tag = "orders", request_body = SaveOrder,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = OrderDetail)))]
async fn create(State(app): State<App>, caller: MemberCaller, JsonBody(asked): JsonBody<SaveOrder>) -> Answer {
    orders::save_new(&app, &caller.of_orders(MemberAction::HandleOrders)?, &asked).await.map(Json)
}

/// What the caller's orders earned and what waits, per provider.
#[utoipa::path(get, path = "/api/v1/reseller/orders/summary", tag = "orders", security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = OrderSummary)))]
async fn summary(State(app): State<App>, caller: MemberCaller) -> Result<Json<OrderSummary>, Failure> {
    caller.require(MemberAction::HandleOrders)?;
    orders::summary(&mut *app.reader().await?, caller.reseller).await.map(Json)
}

/// One order with all that was done with it.
#[utoipa::path(get, path = "/api/v1/reseller/orders/{contract_id}", tag = "orders",
    params(("contract_id" = String, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The order", body = OrderDetail)))]
async fn get(State(app): State<App>, caller: MemberCaller, Segment(contract_id): Segment) -> Answer {
    orders::detail(&app, &caller.of_orders(MemberAction::HandleOrders)?, &contract_id).await.map(Json)
}

/// Changes a draft; it may be placed with the same.
#[utoipa::path(put, path = "/api/v1/reseller/orders/{contract_id}", tag = "orders",
    params(("contract_id" = String, Path)), request_body = SaveOrder, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = OrderDetail)))]
async fn edit(
    State(app): State<App>,
    caller: MemberCaller,
    Segment(contract_id): Segment,
    JsonBody(asked): JsonBody<SaveOrder>,
) -> Answer {
    orders::save_draft(&app, &caller.of_orders(MemberAction::HandleOrders)?, &contract_id, &asked).await.map(Json)
}

/// Places a draft at the price of now.
#[utoipa::path(post, path = "/api/v1/reseller/orders/{contract_id}/place", tag = "orders",
    params(("contract_id" = String, Path)), request_body = PlaceOrder, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = OrderDetail)))]
async fn place(
    State(app): State<App>,
    caller: MemberCaller,
    Segment(contract_id): Segment,
    JsonBody(asked): JsonBody<PlaceOrder>,
) -> Answer {
    orders::place_draft(&app, &caller.of_orders(MemberAction::HandleOrders)?, &contract_id, &asked).await.map(Json)
}

/// Says that the customer paid the whole total, to the reseller.
#[utoipa::path(post, path = "/api/v1/reseller/orders/{contract_id}/pay", tag = "orders",
    params(("contract_id" = String, Path)), request_body = PayOrder, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = OrderDetail)))]
async fn pay(
    State(app): State<App>,
    caller: MemberCaller,
    Segment(contract_id): Segment,
    JsonBody(asked): JsonBody<PayOrder>,
) -> Answer {
    stepped(&app, &caller, &contract_id, Step::Pay(&asked)).await
}

/// Says that it was ordered from the provider.
#[utoipa::path(post, path = "/api/v1/reseller/orders/{contract_id}/submit", tag = "orders",
    params(("contract_id" = String, Path)), request_body = SubmitOrder, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = OrderDetail)))]
async fn submit(
    State(app): State<App>,
    caller: MemberCaller,
    Segment(contract_id): Segment,
    JsonBody(asked): JsonBody<SubmitOrder>,
) -> Answer {
    stepped(&app, &caller, &contract_id, Step::Submit(&asked)).await
}

/// Says that units were delivered, and what the customer needs to use them.
#[utoipa::path(post, path = "/api/v1/reseller/orders/{contract_id}/fulfill", tag = "orders",
    params(("contract_id" = String, Path)), request_body = FulfilOrder, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = OrderDetail)))]
async fn fulfil(
    State(app): State<App>,
    caller: MemberCaller,
    Segment(contract_id): Segment,
    JsonBody(asked): JsonBody<FulfilOrder>,
) -> Answer {
    orders::fulfil(&app, &caller.of_orders(MemberAction::HandleOrders)?, &contract_id, &asked).await.map(Json)
}

/// Says that the provider does not deliver the rest, and why.
#[utoipa::path(post, path = "/api/v1/reseller/orders/{contract_id}/fail", tag = "orders",
    params(("contract_id" = String, Path)), request_body = EndOrder, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = OrderDetail)))]
async fn fail(
    State(app): State<App>,
    caller: MemberCaller,
    Segment(contract_id): Segment,
    JsonBody(asked): JsonBody<EndOrder>,
) -> Answer {
    stepped(&app, &caller, &contract_id, Step::Fail(&asked)).await
}

/// Ends an order before it is paid, and says why.
#[utoipa::path(post, path = "/api/v1/reseller/orders/{contract_id}/cancel", tag = "orders",
    params(("contract_id" = String, Path)), request_body = EndOrder, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = OrderDetail)))]
async fn cancel(
    State(app): State<App>,
    caller: MemberCaller,
    Segment(contract_id): Segment,
    JsonBody(asked): JsonBody<EndOrder>,
) -> Answer {
    stepped(&app, &caller, &contract_id, Step::Cancel(&asked)).await
}

/// Says that the customer got a part of the money back, or all of it.
#[utoipa::path(post, path = "/api/v1/reseller/orders/{contract_id}/refund", tag = "orders",
    params(("contract_id" = String, Path)), request_body = RefundOrder, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = OrderDetail)))]
async fn refund(
    State(app): State<App>,
    caller: MemberCaller,
    Segment(contract_id): Segment,
    JsonBody(asked): JsonBody<RefundOrder>,
) -> Answer {
    orders::refund(&app, &caller.of_orders(MemberAction::RefundOrders)?, &contract_id, &asked).await.map(Json)
}
