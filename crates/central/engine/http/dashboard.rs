//! The dashboards of a reseller and of the operator, and statistics of one plan and of one reseller.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::Id;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::{PlanId, ResellerId};
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::dashboard::{Dashboard, Overview};
use counterfoil_wire::statistics::{PlanStatistics, ResellerStatistics};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller};
use crate::engine::{App, dashboard, permissions};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(own))
        .routes(routes!(overview))
        .routes(routes!(of_plan))
        .routes(routes!(of_reseller))
        .routes(routes!(own_statistics))
}

/// What the caller's reseller has, sold and earned, by month.
#[utoipa::path(get, path = "/api/v1/reseller/dashboard", tag = "dashboard", security(("bearer" = [])),
    responses((status = 200, description = "The figures", body = Dashboard)))]
async fn own(State(app): State<App>, caller: MemberCaller) -> Result<Json<Dashboard>, Failure> {
    caller.require_granted(&app, MemberAction::ViewEarnings, Grant::ViewStatistics).await?;
    let (mut moment, reseller) = (app.snapshot().await?, caller.reseller);
    let mut shown = dashboard::dashboard(&mut moment, caller.operator, &caller.scope, reseller, app.now()).await?;
    let permissions = permissions::of(&mut moment, reseller).await?;
    if !permissions.allow(Grant::ViewConnections) {
        shown.figures.connections = None;
    }
    if !permissions.allow(Grant::ViewAccounts) {
        shown.top_customers = None;
    }
    Ok(Json(shown))
}

/// What all resellers together have and sold, by month, and who sold the most.
#[utoipa::path(get, path = "/api/v1/admin/reports/overview", tag = "dashboard", security(("bearer" = [])),
    responses((status = 200, description = "The figures", body = Overview)))]
async fn overview(State(app): State<App>, caller: StaffCaller) -> Result<Json<Overview>, Failure> {
    caller.require(StaffAction::ViewReports)?;
    dashboard::overview(&mut *app.snapshot().await?, caller.operator, app.now()).await.map(Json)
}

/// What a plan sold and brought this month and the last, and whose service runs by it.
#[utoipa::path(get, path = "/api/v1/admin/plans/{id}/stats", tag = "dashboard", params(("id" = PlanId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The figures", body = PlanStatistics)))]
async fn of_plan(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PlanId>,
) -> Result<Json<PlanStatistics>, Failure> {
    caller.require(StaffAction::ViewReports)?;
    dashboard::of_plan(&mut *app.snapshot().await?, caller.operator, id, app.now()).await.map(Json)
}

/// What a reseller has, sold and earned this month and the last, and who works there.
#[utoipa::path(get, path = "/api/v1/admin/resellers/{id}/stats", tag = "dashboard", params(("id" = ResellerId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The figures", body = ResellerStatistics)))]
async fn of_reseller(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
) -> Result<Json<ResellerStatistics>, Failure> {
    caller.require(StaffAction::ViewReports)?;
    let mut moment = app.snapshot().await?;
    dashboard::of_reseller(&mut moment, caller.operator, &caller.scope, id, app.now()).await.map(Json)
}

/// The same of the caller's reseller.
#[utoipa::path(get, path = "/api/v1/reseller/stats", tag = "dashboard", security(("bearer" = [])),
    responses((status = 200, description = "The figures", body = ResellerStatistics)))]
async fn own_statistics(State(app): State<App>, caller: MemberCaller) -> Result<Json<ResellerStatistics>, Failure> {
    caller.require_granted(&app, MemberAction::ViewEarnings, Grant::ViewStatistics).await?;
    let mut moment = app.snapshot().await?;
    dashboard::of_reseller(&mut moment, caller.operator, &caller.scope, caller.reseller, app.now()).await.map(Json)
}
