//! What customers use, without a sign-in.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{ClientAddress, JsonBody, Segment};
use counterfoil_wire::problem::Code;
use counterfoil_wire::public::{About, Activation, ActivationRequest, PublicCode, Subscription};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::engine::{App, operators, redemption};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(about))
        .routes(routes!(activate))
        .routes(routes!(public_code))
        .routes(routes!(subscription))
}

/// Who this Central is.
#[utoipa::path(get, path = "/api/v1/about", tag = "public",
    responses((status = 200, description = "Operator, version and time", body = About)))]
async fn about(State(app): State<App>) -> Result<Json<About>, Failure> {
    let mut reader = app.reader().await?;
    let operator = operators::first(&mut reader).await?.ok_or_else(|| {
        Failure::new(Code::Unavailable, "This Central has no operator yet: run `counterfoil-central admin create`.")
    })?;
    Ok(Json(About {
        operator_id: operator.id,
        operator_name: operator.shown_name().to_owned(),
        time_zone: operator.time_zone,
        currency: operator.currency.to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        server_time: app.now(),
    }))
}

/// Redeems a code: for the account with this user name, or for a new one. A repeat returns the first success.
#[utoipa::path(post, path = "/api/v1/public/activations", tag = "public", request_body = ActivationRequest,
    responses((status = 200, description = "Redeemed, now or before by the same account", body = Activation)))]
async fn activate(
    State(app): State<App>,
    address: ClientAddress,
    JsonBody(request): JsonBody<ActivationRequest>,
) -> Result<Json<Activation>, Failure> {
    Ok(Json(redemption::activate(&app, &request, address).await?.activation))
}

/// What anyone may know of a code they hold.
#[utoipa::path(get, path = "/api/v1/public/codes/{code}", tag = "public", params(("code" = String, Path)),
    responses((status = 200, description = "Its state", body = PublicCode)))]
async fn public_code(
    State(app): State<App>,
    address: ClientAddress,
    Segment(code): Segment,
) -> Result<Json<PublicCode>, Failure> {
    Ok(Json(redemption::look_up(&app, &code, address).await?))
}

/// The subscription that this token opens.
#[utoipa::path(get, path = "/api/v1/public/subscriptions/{token}", tag = "public", params(("token" = String, Path)),
    responses((status = 200, description = "Its plan and end", body = Subscription)))]
async fn subscription(
    State(app): State<App>,
    address: ClientAddress,
    Segment(token): Segment,
) -> Result<Json<Subscription>, Failure> {
    Ok(Json(redemption::subscription(&app, &token, address).await?))
}
