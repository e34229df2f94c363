//! What resellers may do, and the templates they begin with: staff decide, a reseller sees its own.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, Segment};
use counterfoil_domain::grant::Template;
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::permissions::{PermissionTemplate, ResellerPermissions, SavePermissions, SaveTemplate};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller};
use crate::engine::{App, permissions};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(admin_get, admin_save))
        .routes(routes!(templates))
        .routes(routes!(save_template))
        .routes(routes!(own))
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

/// The templates that a reseller can begin with.
#[utoipa::path(get, path = "/api/v1/admin/permission-templates", tag = "resellers", security(("bearer" = [])),
    responses((status = 200, description = "All of them", body = Vec<PermissionTemplate>)))]
async fn templates(State(app): State<App>, caller: StaffCaller) -> Result<Json<Vec<PermissionTemplate>>, Failure> {
    caller.require(StaffAction::View)?;
    permissions::templates(&mut *app.reader().await?, caller.operator).await.map(Json)
}

/// Changes a template, as it was read. Resellers that took it keep what they have: it counts for those that take it
/// from now on.
#[utoipa::path(put, path = "/api/v1/admin/permission-templates/{name}", tag = "resellers",
    params(("name" = Template, Path)), request_body = SaveTemplate, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = PermissionTemplate)))]
async fn save_template(
    State(app): State<App>,
    caller: StaffCaller,
    Segment(name): Segment,
    JsonBody(asked): JsonBody<SaveTemplate>,
) -> Result<Json<PermissionTemplate>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    let template = Template::from_stored(&name).ok_or_else(|| Failure::not_found("template"))?;
    permissions::save_template(&app, caller.operator, &caller.actor, template, &asked).await.map(Json)
}

/// What the caller's reseller may do.
#[utoipa::path(get, path = "/api/v1/reseller/permissions", tag = "resellers", security(("bearer" = [])),
    responses((status = 200, description = "As they are now", body = ResellerPermissions)))]
async fn own(State(app): State<App>, caller: MemberCaller) -> Result<Json<ResellerPermissions>, Failure> {
    permissions::get(&mut *app.reader().await?, caller.operator, &caller.scope, caller.reseller).await.map(Json)
}
