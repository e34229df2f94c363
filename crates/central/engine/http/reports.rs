//! Reports of the operator and of a reseller.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{QueryString, Segment};
use counterfoil_domain::grant::Grant;
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::reports::{Report, ReportName, ReportQuery};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller};
use crate::engine::App;
use crate::engine::reports::{self, Asked};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(of_operator)).routes(routes!(own))
}

fn named(name: &str) -> Result<ReportName, Failure> {
    ReportName::from_path(name).ok_or_else(|| Failure::not_found("report"))
}

/// A page of a report of all resellers together.
#[utoipa::path(get, path = "/api/v1/admin/reports/{name}", tag = "reports",
    params(("name" = ReportName, Path), ReportQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Report)))]
async fn of_operator(
    State(app): State<App>,
    caller: StaffCaller,
    Segment(name): Segment,
    QueryString(query): QueryString<ReportQuery>,
) -> Result<Json<Report>, Failure> {
    caller.require(StaffAction::ViewReports)?;
    let asked = Asked { operator: caller.operator, reseller: None, scope: &caller.scope, query: &query };
    reports::read(&app, &asked, named(&name)?).await.map(Json)
}

/// A page of a report of the caller's reseller; resellers below it are not in it.
#[utoipa::path(get, path = "/api/v1/reseller/reports/{name}", tag = "reports",
    params(("name" = ReportName, Path), ReportQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Report)))]
async fn own(
    State(app): State<App>,
    caller: MemberCaller,
    Segment(name): Segment,
    QueryString(query): QueryString<ReportQuery>,
) -> Result<Json<Report>, Failure> {
    caller.require(MemberAction::ViewEarnings)?;
    let name = named(&name)?;
    // Earnings line by line are on their own page as well, which takes no more than the role.
    if name != ReportName::Earnings {
        caller.require_granted(&app, MemberAction::ViewEarnings, Grant::ViewStatistics).await?;
    }
    if name == ReportName::Customers {
        caller.require_granted(&app, MemberAction::ViewAccounts, Grant::ViewAccounts).await?;
    }
    let reseller = Some(caller.reseller);
    let asked = Asked { operator: caller.operator, reseller, scope: &caller.scope, query: &query };
    reports::read(&app, &asked, name).await.map(Json)
}
