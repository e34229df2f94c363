//! What a reseller looks like: set by its owner where the operator allows it a brand of its own, and by staff.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody};
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::brand::{Brand, SaveBrand, SaveLogo};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller};
use crate::engine::App;
use crate::engine::brand::{self, Whose};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(own, save_own))
        .routes(routes!(save_own_logo, delete_own_logo))
        .routes(routes!(admin_read, admin_save))
        .routes(routes!(admin_save_logo, admin_delete_logo))
}

impl MemberCaller {
    /// Whose brand an owner may set: its own reseller's, where that may have one.
    async fn own_brand(&self, app: &App) -> Result<Whose, Failure> {
        self.require_granted(app, MemberAction::ManageBrand, Grant::Branding).await?;
        Ok(Whose::Reseller(self.reseller))
    }
}

/// The brand of the caller's reseller.
#[utoipa::path(get, path = "/api/v1/reseller/brand", tag = "resellers", operation_id = "own_brand",
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Brand)))]
async fn own(State(app): State<App>, caller: MemberCaller) -> Result<Json<Brand>, Failure> {
    let whose = caller.own_brand(&app).await?;
    brand::get(&mut *app.reader().await?, caller.operator, whose).await.map(Json)
}

/// Saves panel name and colour as they were read; version 0 is none so far.
#[utoipa::path(put, path = "/api/v1/reseller/brand", tag = "resellers", operation_id = "save_own_brand",
    request_body = SaveBrand, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Brand)))]
async fn save_own(
    State(app): State<App>,
    caller: MemberCaller,
    JsonBody(asked): JsonBody<SaveBrand>,
) -> Result<Json<Brand>, Failure> {
    let whose = caller.own_brand(&app).await?;
    brand::save(&app, caller.operator, whose, &caller.actor, &asked).await.map(Json)
}

/// Puts another logo in place of the one that was read.
#[utoipa::path(put, path = "/api/v1/reseller/brand/logo", tag = "resellers", operation_id = "save_own_logo",
    request_body = SaveLogo, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Brand)))]
async fn save_own_logo(
    State(app): State<App>,
    caller: MemberCaller,
    JsonBody(asked): JsonBody<SaveLogo>,
) -> Result<Json<Brand>, Failure> {
    let whose = caller.own_brand(&app).await?;
    brand::save_logo(&app, caller.operator, whose, &caller.actor, &asked).await.map(Json)
}

/// Takes the logo away.
#[utoipa::path(delete, path = "/api/v1/reseller/brand/logo", tag = "resellers", operation_id = "delete_own_logo",
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Brand)))]
async fn delete_own_logo(State(app): State<App>, caller: MemberCaller) -> Result<Json<Brand>, Failure> {
    let whose = caller.own_brand(&app).await?;
    brand::delete_logo(&app, caller.operator, whose, &caller.actor).await.map(Json)
}

/// The brand of a reseller: kept where it may have none, and shown nowhere then.
#[utoipa::path(get, path = "/api/v1/admin/resellers/{id}/brand", tag = "resellers", operation_id = "reseller_brand",
    params(("id" = ResellerId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Brand)))]
async fn admin_read(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
) -> Result<Json<Brand>, Failure> {
    caller.require(StaffAction::View)?;
    brand::get(&mut *app.reader().await?, caller.operator, Whose::Reseller(id)).await.map(Json)
}

/// Saves panel name and colour as they were read; version 0 is none so far.
#[utoipa::path(put, path = "/api/v1/admin/resellers/{id}/brand", tag = "resellers",
    operation_id = "save_reseller_brand", params(("id" = ResellerId, Path)), request_body = SaveBrand,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Brand)))]
async fn admin_save(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
    JsonBody(asked): JsonBody<SaveBrand>,
) -> Result<Json<Brand>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    brand::save(&app, caller.operator, Whose::Reseller(id), &caller.actor, &asked).await.map(Json)
}

/// Puts another logo in place of the one that was read.
#[utoipa::path(put, path = "/api/v1/admin/resellers/{id}/brand/logo", tag = "resellers",
    operation_id = "save_reseller_logo", params(("id" = ResellerId, Path)), request_body = SaveLogo,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Brand)))]
async fn admin_save_logo(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
    JsonBody(asked): JsonBody<SaveLogo>,
) -> Result<Json<Brand>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    brand::save_logo(&app, caller.operator, Whose::Reseller(id), &caller.actor, &asked).await.map(Json)
}

/// Takes the logo away.
#[utoipa::path(delete, path = "/api/v1/admin/resellers/{id}/brand/logo", tag = "resellers",
    operation_id = "delete_reseller_logo", params(("id" = ResellerId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Brand)))]
async fn admin_delete_logo(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
) -> Result<Json<Brand>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    brand::delete_logo(&app, caller.operator, Whose::Reseller(id), &caller.actor).await.map(Json)
}
