//! The box of one account on a portal.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{JsonBody, TwoIds};
use counterfoil_domain::ids::{AccountId, PortalId};
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::boxes::{ActOnBox, BoxActed, PortalBox};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::StaffCaller;
use crate::engine::{App, boxes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(look, act))
}

/// The account as its portal shows it, asked of it now.
#[utoipa::path(get, path = "/api/v1/admin/portals/{id}/accounts/{account_id}/box", tag = "portals",
    params(("id" = PortalId, Path), ("account_id" = AccountId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "As the portal shows it", body = PortalBox)))]
async fn look(
    State(app): State<App>,
    caller: StaffCaller,
    TwoIds(id, account): TwoIds<PortalId, AccountId>,
) -> Result<Json<PortalBox>, Failure> {
    caller.require(StaffAction::View)?;
    boxes::look(&app, caller.operator, id, account).await.map(Json)
}

/// Does something to the box, once. After a lost answer it is not sent again.
#[utoipa::path(post, path = "/api/v1/admin/portals/{id}/accounts/{account_id}/box", tag = "portals",
    params(("id" = PortalId, Path), ("account_id" = AccountId, Path)), request_body = ActOnBox,
    security(("bearer" = [])), responses((status = 200, description = "What became of it", body = BoxActed)))]
async fn act(
    State(app): State<App>,
    caller: StaffCaller,
    TwoIds(id, account): TwoIds<PortalId, AccountId>,
    JsonBody(asked): JsonBody<ActOnBox>,
) -> Result<Json<BoxActed>, Failure> {
    caller.require(StaffAction::RepairAccounts)?;
    boxes::act(&app, caller.operator, &caller.actor, id, account, &asked.action).await.map(Json)
}
