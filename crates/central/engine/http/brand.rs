//! What the operator looks like, set by staff, and every logo, for everybody. What resellers look like is in
//! `reseller_brand`.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{JsonBody, Segment};
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::brand::{Brand, SaveBrand, SaveLogo};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::StaffCaller;
use crate::engine::App;
use crate::engine::brand::{self, Whose};

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read, save)).routes(routes!(save_logo, delete_logo)).routes(routes!(logo))
}

/// The operator's panel name, colour and logo.
#[utoipa::path(get, path = "/api/v1/admin/brand", tag = "settings", security(("bearer" = [])),
    operation_id = "brand",
    responses((status = 200, description = "As it is now", body = Brand)))]
async fn read(State(app): State<App>, caller: StaffCaller) -> Result<Json<Brand>, Failure> {
    caller.require(StaffAction::View)?;
    brand::get(&mut *app.reader().await?, caller.operator, Whose::Operator).await.map(Json)
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
    brand::save(&app, caller.operator, Whose::Operator, &caller.actor, &asked).await.map(Json)
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
    brand::save_logo(&app, caller.operator, Whose::Operator, &caller.actor, &asked).await.map(Json)
}

/// Takes the logo away.
#[utoipa::path(delete, path = "/api/v1/admin/brand/logo", tag = "settings", operation_id = "delete_logo",
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Brand)))]
async fn delete_logo(State(app): State<App>, caller: StaffCaller) -> Result<Json<Brand>, Failure> {
    caller.require(StaffAction::ManageSettings)?;
    brand::delete_logo(&app, caller.operator, Whose::Operator, &caller.actor).await.map(Json)
}

/// A logo, by the SHA-256 of its bytes: the operator's or a reseller's. So it never changes, and is kept for ever.
#[utoipa::path(get, path = "/api/v1/public/brand/logo/{hash}", tag = "public", operation_id = "public_logo",
    params(("hash" = String, Path, description = "SHA-256 in hexadecimal, as a brand names it")),
    responses(
        (status = 200, description = "The picture", content_type = "image/png", body = Vec<u8>),
        (status = 304, description = "The one that is kept"),
        (status = 404, description = "Nobody wears it")))]
async fn logo(State(app): State<App>, Segment(hash): Segment, headers: HeaderMap) -> Result<Response, Failure> {
    let unknown = || Failure::not_found("logo");
    if !is_hash(&hash) {
        return Err(unknown());
    }
    let tag = HeaderValue::try_from(format!("\"{hash}\"")).map_err(Failure::internal)?;
    let kept = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, FOR_EVER)];
    if headers.get(header::IF_NONE_MATCH) == Some(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    let png = brand::logo(&mut *app.reader().await?, &hash).await?.ok_or_else(unknown)?;
    Ok((kept, [(header::CONTENT_TYPE, HeaderValue::from_static("image/png"))], png).into_response())
}

/// As a brand writes it: nothing else is looked for.
fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
