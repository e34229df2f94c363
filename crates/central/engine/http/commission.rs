//! Commission: the rates of a reseller.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody};
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::commission::{ResellerRates, SetRate};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::StaffCaller;
use crate::engine::{App, commission};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(rates, set_rate))
}

/// A reseller's rate and its history.
#[utoipa::path(get, path = "/api/v1/admin/resellers/{id}/rates", tag = "commission",
    params(("id" = ResellerId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The rates", body = ResellerRates)))]
async fn rates(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
) -> Result<Json<ResellerRates>, Failure> {
    caller.require(StaffAction::View)?;
    commission::rates(&mut *app.reader().await?, caller.operator, &caller.scope, id, app.now()).await.map(Json)
}

/// Sets a reseller's rate from now or from a day to come. What was before stays as it was.
#[utoipa::path(post, path = "/api/v1/admin/resellers/{id}/rates", tag = "commission",
    params(("id" = ResellerId, Path)), request_body = SetRate, security(("bearer" = [])),
    responses((status = 200, description = "The rates now", body = ResellerRates)))]
async fn set_rate(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
    JsonBody(asked): JsonBody<SetRate>,
) -> Result<Json<ResellerRates>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    commission::set(&app, caller.operator, &caller.actor, caller.id, id, &asked).await.map(Json)
}
