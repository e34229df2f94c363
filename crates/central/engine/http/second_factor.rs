//! The second factor of whoever is signed in, and taking it away from somebody who lost it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::JsonBody;
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::second_factor::{
    BeginSecondFactor, ConfirmSecondFactor, ProveSecondFactor, RecoveryCodes, RemoveSecondFactor, RemovedSecondFactor,
    SecondFactorSecret,
};
use counterfoil_wire::sessions::Audience;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Caller, StaffCaller};
use crate::engine::{App, second_factor};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(begin, confirm, end)).routes(routes!(renew)).routes(routes!(remove))
}

/// Gives a secret for an app; it counts once it is confirmed.
#[utoipa::path(post, path = "/api/v1/me/second-factor", tag = "sessions", request_body = BeginSecondFactor,
    security(("bearer" = [])), responses((status = 200, description = "Shown this once", body = SecondFactorSecret)))]
async fn begin(
    State(app): State<App>,
    caller: Caller,
    JsonBody(asked): JsonBody<BeginSecondFactor>,
) -> Result<Json<SecondFactorSecret>, Failure> {
    second_factor::begin(&app, &caller.identity, asked.password, caller.address).await.map(Json)
}

/// Switches it on. The caller's other sessions are over.
#[utoipa::path(put, path = "/api/v1/me/second-factor", tag = "sessions", request_body = ConfirmSecondFactor,
    security(("bearer" = [])),
    responses((status = 200, description = "On; the recovery codes are shown this once", body = RecoveryCodes)))]
async fn confirm(
    State(app): State<App>,
    caller: Caller,
    JsonBody(asked): JsonBody<ConfirmSecondFactor>,
) -> Result<Json<RecoveryCodes>, Failure> {
    second_factor::confirm(&app, &caller.identity, &asked.code, caller.address).await.map(Json)
}

/// Switches it off. The caller's other sessions are over.
#[utoipa::path(delete, path = "/api/v1/me/second-factor", tag = "sessions", request_body = ProveSecondFactor,
    security(("bearer" = [])), responses((status = 204, description = "Off")))]
async fn end(
    State(app): State<App>,
    caller: Caller,
    JsonBody(proof): JsonBody<ProveSecondFactor>,
) -> Result<StatusCode, Failure> {
    second_factor::end(&app, &caller.identity, proof, caller.address).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// New recovery codes; the older ones are void.
#[utoipa::path(post, path = "/api/v1/me/second-factor/recovery", tag = "sessions", request_body = ProveSecondFactor,
    security(("bearer" = [])), responses((status = 200, description = "Shown this once", body = RecoveryCodes)))]
async fn renew(
    State(app): State<App>,
    caller: Caller,
    JsonBody(proof): JsonBody<ProveSecondFactor>,
) -> Result<Json<RecoveryCodes>, Failure> {
    second_factor::renew(&app, &caller.identity, proof, caller.address).await.map(Json)
}

/// Takes it away from a member of a reseller, or of the operator's staff, who lost app and recovery codes.
#[utoipa::path(post, path = "/api/v1/admin/sign-ins/remove-second-factor", tag = "sessions",
    request_body = RemoveSecondFactor, security(("bearer" = [])),
    responses((status = 200, description = "The password alone opens", body = RemovedSecondFactor)))]
async fn remove(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<RemoveSecondFactor>,
) -> Result<Json<RemovedSecondFactor>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    if asked.audience == Audience::Admin {
        caller.require(StaffAction::ManageStaff)?;
    }
    second_factor::remove_by_name(&app, caller.operator, &caller.actor, &asked).await.map(Json)
}
