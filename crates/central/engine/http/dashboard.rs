//! The dashboards of a reseller and of the operator.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::dashboard::{Dashboard, Overview};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller};
use crate::engine::{App, dashboard, permissions};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(own)).routes(routes!(overview))
}

/// What the caller's reseller has, sold and earned, by month.
#[utoipa::path(get, path = "/api/v1/reseller/dashboard", tag = "dashboard", security(("bearer" = [])),
    responses((status = 200, description = "The figures", body = Dashboard)))]
async fn own(State(app): State<App>, caller: MemberCaller) -> Result<Json<Dashboard>, Failure> {
    caller.require_granted(&app, MemberAction::ViewEarnings, Grant::ViewStatistics).await?;
    let (mut moment, reseller) = (app.snapshot().await?, caller.reseller);
    let mut shown = dashboard::dashboard(&mut moment, caller.operator, &caller.scope, reseller, app.now()).await?;
    if !permissions::of(&mut moment, reseller).await?.allow(Grant::ViewConnections) {
        shown.figures.connections = None;
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
