//! What customers paid: staff of all accounts, a reseller's members of its own.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::PaymentId;
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::payments::{Payment, PaymentReason, Payments, PaymentsQuery, RecordPayment};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller};
use crate::engine::App;
use crate::engine::payments::{self, Step};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(admin_list, admin_record))
        .routes(routes!(admin_complete))
        .routes(routes!(admin_fail))
        .routes(routes!(refund))
        .routes(routes!(list, record))
        .routes(routes!(complete))
        .routes(routes!(fail))
}

impl MemberCaller {
    /// A payment may come out of the wallet, as an extension does: whom the operator lets extend may record what was paid.
    async fn require_payments(&self, app: &App) -> Result<(), Failure> {
        self.require_granted(app, MemberAction::RecordPayments, Grant::ExtendAccounts).await
    }
}

/// Payments of all accounts, of a reseller's or of one, the latest day first.
#[utoipa::path(get, path = "/api/v1/admin/payments", tag = "payments", params(PaymentsQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Payments)))]
async fn admin_list(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<PaymentsQuery>,
) -> Result<Json<Payments>, Failure> {
    caller.require(StaffAction::View)?;
    payments::list(&app, caller.operator, &caller.scope, &query).await.map(Json)
}

/// Records what a customer paid. Where it was sold by share and nobody sold it here before, its shares are due.
#[utoipa::path(post, path = "/api/v1/admin/payments", tag = "payments", request_body = RecordPayment,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Payment)))]
async fn admin_record(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<RecordPayment>,
) -> Result<Json<Payment>, Failure> {
    caller.require(StaffAction::MoveCredits)?;
    payments::record(&app, &caller.asker(), &asked).await.map(Json)
}

/// Says that a payment that was expected has come.
#[utoipa::path(post, path = "/api/v1/admin/payments/{id}/complete", tag = "payments", params(("id" = PaymentId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Payment)))]
async fn admin_complete(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PaymentId>,
) -> Result<Json<Payment>, Failure> {
    caller.require(StaffAction::MoveCredits)?;
    payments::step(&app, &caller.asker(), id, Step::Complete).await.map(Json)
}

/// Says that a payment that was expected has not come.
#[utoipa::path(post, path = "/api/v1/admin/payments/{id}/fail", tag = "payments", params(("id" = PaymentId, Path)),
    request_body = PaymentReason, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Payment)))]
async fn admin_fail(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PaymentId>,
    JsonBody(asked): JsonBody<PaymentReason>,
) -> Result<Json<Payment>, Failure> {
    caller.require(StaffAction::MoveCredits)?;
    payments::step(&app, &caller.asker(), id, Step::Fail(&asked.reason)).await.map(Json)
}

/// Says that the customer got a payment back: what the reseller's wallet paid returns to it, and all shares are taken back.
#[utoipa::path(post, path = "/api/v1/admin/payments/{id}/refund", tag = "payments", params(("id" = PaymentId, Path)),
    request_body = PaymentReason, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Payment)))]
async fn refund(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PaymentId>,
    JsonBody(asked): JsonBody<PaymentReason>,
) -> Result<Json<Payment>, Failure> {
    caller.require(StaffAction::MoveCredits)?;
    payments::step(&app, &caller.asker(), id, Step::Refund(&asked.reason)).await.map(Json)
}

/// Payments of the caller's accounts, or of one, the latest day first.
#[utoipa::path(get, path = "/api/v1/reseller/payments", tag = "payments", params(PaymentsQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Payments)))]
async fn list(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<PaymentsQuery>,
) -> Result<Json<Payments>, Failure> {
    caller.require_granted(&app, MemberAction::ViewAccounts, Grant::ViewAccounts).await?;
    payments::list(&app, caller.operator, &caller.scope, &query).await.map(Json)
}

/// Records what the shop took from a customer. Where it sells by share, the price comes out of its wallet.
#[utoipa::path(post, path = "/api/v1/reseller/payments", tag = "payments", request_body = RecordPayment,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Payment)))]
async fn record(
    State(app): State<App>,
    caller: MemberCaller,
    JsonBody(asked): JsonBody<RecordPayment>,
) -> Result<Json<Payment>, Failure> {
    caller.require_payments(&app).await?;
    payments::record(&app, &caller.asker(), &asked).await.map(Json)
}

/// Says that a payment that was expected has come to the shop.
#[utoipa::path(post, path = "/api/v1/reseller/payments/{id}/complete", tag = "payments",
    params(("id" = PaymentId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Payment)))]
async fn complete(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<PaymentId>,
) -> Result<Json<Payment>, Failure> {
    caller.require_payments(&app).await?;
    payments::step(&app, &caller.asker(), id, Step::Complete).await.map(Json)
}

/// Says that a payment that was expected has not come.
#[utoipa::path(post, path = "/api/v1/reseller/payments/{id}/fail", tag = "payments", params(("id" = PaymentId, Path)),
    request_body = PaymentReason, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Payment)))]
async fn fail(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<PaymentId>,
    JsonBody(asked): JsonBody<PaymentReason>,
) -> Result<Json<Payment>, Failure> {
    caller.require_payments(&app).await?;
    payments::step(&app, &caller.asker(), id, Step::Fail(&asked.reason)).await.map(Json)
}
