//! Answers to why something is as it is, for staff.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, Segment, TwoIds};
use counterfoil_domain::ids::{AccountId, ApplicationId, ResellerId};
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::troubleshooting::{AccountSight, ApplicationStanding, CommissionTrace};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::StaffCaller;
use crate::engine::{App, troubleshooting};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(sight)).routes(routes!(trace)).routes(routes!(standing))
}

/// Why a reseller does or does not see an account.
#[utoipa::path(get, path = "/api/v1/admin/resellers/{id}/sight/{account_id}", tag = "troubleshooting",
    params(("id" = ResellerId, Path), ("account_id" = AccountId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "Whether, and all that decides it", body = AccountSight)))]
async fn sight(
    State(app): State<App>,
    caller: StaffCaller,
    TwoIds(id, account): TwoIds<ResellerId, AccountId>,
) -> Result<Json<AccountSight>, Failure> {
    caller.require(StaffAction::View)?;
    troubleshooting::sight(&mut *app.snapshot().await?, caller.operator, id, account, app.now()).await.map(Json)
}

/// What was sold under the serial of a code or to the account of a user name, and what became of its commission.
#[utoipa::path(get, path = "/api/v1/admin/commissions/trace/{reference}", tag = "troubleshooting",
    params(("reference" = String, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The last sales", body = CommissionTrace)))]
async fn trace(
    State(app): State<App>,
    caller: StaffCaller,
    Segment(reference): Segment,
) -> Result<Json<CommissionTrace>, Failure> {
    caller.require(StaffAction::View)?;
    troubleshooting::trace(&mut *app.snapshot().await?, caller.operator, &reference).await.map(Json)
}

/// Where an application stands, and what its reseller still needs before it can sell.
#[utoipa::path(get, path = "/api/v1/admin/applications/{id}/standing", tag = "troubleshooting",
    params(("id" = ApplicationId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "What is found", body = ApplicationStanding)))]
async fn standing(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ApplicationId>,
) -> Result<Json<ApplicationStanding>, Failure> {
    caller.require(StaffAction::View)?;
    troubleshooting::standing(&mut *app.snapshot().await?, caller.operator, id, app.now()).await.map(Json)
}
