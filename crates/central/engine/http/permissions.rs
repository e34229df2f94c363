//! What resellers may do: staff decide, a reseller sees its own.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody};
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::permissions::{ResellerPermissions, SavePermissions};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller};
use crate::engine::{App, permissions};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(admin_get, admin_save)).routes(routes!(own))
}

/// What a reseller may do.
#[utoipa::path(get, path = "/api/v1/admin/resellers/{id}/permissions", tag = "resellers",
    params(("id" = ResellerId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "As they are now", body = ResellerPermissions)))]
async fn admin_get(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
) -> Result<Json<ResellerPermissions>, Failure> {
    caller.require(StaffAction::View)?;
    permissions::get(&mut *app.reader().await?, caller.operator, &caller.scope, id).await.map(Json)
}

/// Changes what a reseller may do, as it was read. It holds from the next call on.
#[utoipa::path(put, path = "/api/v1/admin/resellers/{id}/permissions", tag = "resellers",
    params(("id" = ResellerId, Path)), request_body = SavePermissions, security(("bearer" = [])),
    responses((status = 200, description = "As they are now", body = ResellerPermissions)))]
async fn admin_save(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
    JsonBody(asked): JsonBody<SavePermissions>,
) -> Result<Json<ResellerPermissions>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    permissions::save(&app, caller.operator, &caller.actor, id, &asked).await.map(Json)
}

/// What the caller's reseller may do.
#[utoipa::path(get, path = "/api/v1/reseller/permissions", tag = "resellers", security(("bearer" = [])),
    responses((status = 200, description = "As they are now", body = ResellerPermissions)))]
async fn own(State(app): State<App>, caller: MemberCaller) -> Result<Json<ResellerPermissions>, Failure> {
    permissions::get(&mut *app.reader().await?, caller.operator, &caller.scope, caller.reseller).await.map(Json)
}
