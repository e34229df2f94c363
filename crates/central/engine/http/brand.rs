//! What the operator looks like: set by staff, and the logo for everybody.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::JsonBody;
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::brand::{Brand, SaveBrand, SaveLogo};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::StaffCaller;
use crate::engine::{App, operators};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(brand, save)).routes(routes!(save_logo, delete_logo)).routes(routes!(logo))
}

/// The operator's panel name, colour and logo.
#[utoipa::path(get, path = "/api/v1/admin/brand", tag = "settings", security(("bearer" = [])),
    operation_id = "brand",
    responses((status = 200, description = "As it is now", body = Brand)))]
async fn brand(State(app): State<App>, caller: StaffCaller) -> Result<Json<Brand>, Failure> {
    caller.require(StaffAction::View)?;
    operators::brand(&mut *app.reader().await?, caller.operator).await.map(Json)
}

/// Saves panel name and colour as they were read.
#[utoipa::path(put, path = "/api/v1/admin/brand", tag = "settings", request_body = SaveBrand,
    operation_id = "save_brand",
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Brand)))]
async fn save(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<SaveBrand>,
) -> Result<Json<Brand>, Failure> {
    caller.require(StaffAction::ManageSettings)?;
    operators::save_brand(&app, caller.operator, &caller.actor, &asked).await.map(Json)
}

/// Puts another logo in place of the one that was read.
#[utoipa::path(put, path = "/api/v1/admin/brand/logo", tag = "settings", request_body = SaveLogo,
    operation_id = "save_logo",
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Brand)))]
async fn save_logo(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<SaveLogo>,
) -> Result<Json<Brand>, Failure> {
    caller.require(StaffAction::ManageSettings)?;
    operators::save_logo(&app, caller.operator, &caller.actor, &asked).await.map(Json)
}

/// Takes the logo away.
#[utoipa::path(delete, path = "/api/v1/admin/brand/logo", tag = "settings", operation_id = "delete_logo",
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Brand)))]
async fn delete_logo(State(app): State<App>, caller: StaffCaller) -> Result<Json<Brand>, Failure> {
    caller.require(StaffAction::ManageSettings)?;
    operators::delete_logo(&app, caller.operator, &caller.actor).await.map(Json)
}

/// The operator's logo. It may be kept, and is asked about each time: its tag changes with its bytes.
#[utoipa::path(get, path = "/api/v1/public/brand/logo", tag = "public", operation_id = "public_logo",
    responses(
        (status = 200, description = "The picture", content_type = "image/png", body = Vec<u8>),
        (status = 304, description = "The one that is kept"),
        (status = 404, description = "There is none")))]
async fn logo(State(app): State<App>, headers: HeaderMap) -> Result<Response, Failure> {
    let mut reader = app.reader().await?;
    let operator = operators::first(&mut reader).await?;
    let found = operator.and_then(|operator| operator.brand.logo.map(|hash| (operator.id, hash)));
    let (operator, hash) = found.ok_or_else(|| Failure::not_found("logo"))?;
    let tag = HeaderValue::try_from(format!("\"{hash}\"")).map_err(Failure::internal)?;
    let kept = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"))];
    if headers.get(header::IF_NONE_MATCH) == Some(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    let png = operators::logo(&mut reader, operator).await?.ok_or_else(|| Failure::not_found("logo"))?;
    Ok((kept, [(header::CONTENT_TYPE, HeaderValue::from_static("image/png"))], png).into_response())
}
