//! What the operator sets for itself.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::JsonBody;
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::settings::{OperatorSettings, SaveSettings};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::StaffCaller;
use crate::engine::{App, operators};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(settings, save))
}

/// The operator's name, zone, codes and contact.
#[utoipa::path(get, path = "/api/v1/admin/settings", tag = "settings", security(("bearer" = [])),
    responses((status = 200, description = "As they are now", body = OperatorSettings)))]
async fn settings(State(app): State<App>, caller: StaffCaller) -> Result<Json<OperatorSettings>, Failure> {
    caller.require(StaffAction::View)?;
    operators::settings(&mut *app.reader().await?, caller.operator, app.started_with_address()).await.map(Json)
}

/// Saves them as they were read.
#[utoipa::path(put, path = "/api/v1/admin/settings", tag = "settings", request_body = SaveSettings,
    security(("bearer" = [])), responses((status = 200, description = "As they are now", body = OperatorSettings)))]
async fn save(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<SaveSettings>,
) -> Result<Json<OperatorSettings>, Failure> {
    caller.require(StaffAction::ManageSettings)?;
    operators::save_settings(&app, caller.operator, &caller.actor, &asked).await.map(Json)
}
