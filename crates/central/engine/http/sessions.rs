//! Sessions: sign in, refresh, sign out, list, end.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{ClientAddress, Id, JsonBody};
use counterfoil_domain::ids::SessionId;
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::sessions::{
    Audience, LoginRequest, Me, RefreshRequest, SessionView, SignedIn, UnlockSignIn, UnlockedSignIn,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Caller, StaffCaller};
use crate::engine::{App, sessions};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(admin_login))
        .routes(routes!(reseller_login))
        .routes(routes!(unlock))
        .routes(routes!(refresh))
        .routes(routes!(logout))
        .routes(routes!(list))
        .routes(routes!(end))
        .routes(routes!(me))
}

/// Signs a member of the operator's staff in.
#[utoipa::path(post, path = "/api/v1/admin/login", tag = "sessions", request_body = LoginRequest,
    responses((status = 200, description = "Signed in", body = SignedIn)))]
async fn admin_login(
    State(app): State<App>,
    address: ClientAddress,
    JsonBody(request): JsonBody<LoginRequest>,
) -> Result<Json<SignedIn>, Failure> {
    sessions::login(&app, Audience::Admin, request, address).await.map(Json)
}

/// Signs a member of a reseller in.
#[utoipa::path(post, path = "/api/v1/reseller/login", tag = "sessions", request_body = LoginRequest,
    responses((status = 200, description = "Signed in", body = SignedIn)))]
async fn reseller_login(
    State(app): State<App>,
    address: ClientAddress,
    JsonBody(request): JsonBody<LoginRequest>,
) -> Result<Json<SignedIn>, Failure> {
    sessions::login(&app, Audience::Reseller, request, address).await.map(Json)
}

/// Lets a member of a reseller, or of the operator's staff, try again after too many wrong passwords.
#[utoipa::path(post, path = "/api/v1/admin/sign-ins/unlock", tag = "sessions", request_body = UnlockSignIn,
    security(("bearer" = [])), responses((status = 200, description = "Unlocked", body = UnlockedSignIn)))]
async fn unlock(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<UnlockSignIn>,
) -> Result<Json<UnlockedSignIn>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    if asked.audience == Audience::Admin {
        caller.require(StaffAction::ManageStaff)?;
    }
    sessions::unlock(&app, caller.operator, &caller.actor, &asked).await.map(Json)
}

/// Exchanges the refresh token; the old one is used up.
#[utoipa::path(post, path = "/api/v1/session/refresh", tag = "sessions", request_body = RefreshRequest,
    responses((status = 200, description = "New tokens", body = SignedIn)))]
async fn refresh(
    State(app): State<App>,
    address: ClientAddress,
    JsonBody(request): JsonBody<RefreshRequest>,
) -> Result<Json<SignedIn>, Failure> {
    sessions::refresh(&app, &request.refresh_token, address).await.map(Json)
}

/// Ends this session.
#[utoipa::path(post, path = "/api/v1/session/logout", tag = "sessions", security(("bearer" = [])),
    responses((status = 204, description = "Signed out")))]
async fn logout(State(app): State<App>, caller: Caller) -> Result<StatusCode, Failure> {
    sessions::end(&app, &caller.identity, caller.identity.session, caller.address).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The caller's open sessions, the last used first.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "sessions", security(("bearer" = [])),
    responses((status = 200, description = "Open sessions", body = Vec<SessionView>)))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Vec<SessionView>>, Failure> {
    sessions::list(&app, &caller.identity).await.map(Json)
}

/// Ends one of the caller's sessions.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "sessions", security(("bearer" = [])),
    params(("id" = SessionId, Path)), responses((status = 204, description = "Ended")))]
async fn end(State(app): State<App>, caller: Caller, Id(id): Id<SessionId>) -> Result<StatusCode, Failure> {
    sessions::end(&app, &caller.identity, id, caller.address).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who the caller is.
#[utoipa::path(get, path = "/api/v1/me", tag = "sessions", security(("bearer" = [])),
    responses((status = 200, description = "The signed-in user", body = Me)))]
async fn me(State(app): State<App>, caller: Caller) -> Result<Json<Me>, Failure> {
    sessions::me(&app, caller.identity).await.map(Json)
}
