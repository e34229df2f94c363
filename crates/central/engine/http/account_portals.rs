//! The portals of an account, for whoever is to change its plan.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::Id;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::AccountId;
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::accounts::AccountPortals;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller};
use crate::engine::{App, account};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(admin_portals)).routes(routes!(portals))
}

/// On which portal an account is, and which one serves each plan.
#[utoipa::path(get, path = "/api/v1/admin/accounts/{id}/portals", tag = "accounts", params(("id" = AccountId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "By their names", body = AccountPortals)))]
async fn admin_portals(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<AccountId>,
) -> Result<Json<AccountPortals>, Failure> {
    caller.require(StaffAction::View)?;
    account::portals(&mut *app.reader().await?, caller.operator, &caller.scope, id).await.map(Json)
}

/// On which portal an account is, and which one serves each plan.
#[utoipa::path(get, path = "/api/v1/reseller/accounts/{id}/portals", tag = "accounts",
    params(("id" = AccountId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "By their names", body = AccountPortals)))]
async fn portals(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<AccountId>,
) -> Result<Json<AccountPortals>, Failure> {
    caller.require_granted(&app, MemberAction::ViewAccounts, Grant::ViewAccounts).await?;
    account::portals(&mut *app.reader().await?, caller.operator, &caller.scope, id).await.map(Json)
}
