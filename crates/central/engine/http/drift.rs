//! Drift of a portal, repairs, and accounts that nobody owns.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::ids::PortalId;
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::drift::{
    AssignAccounts, Assigned, DriftQuery, DriftReport, DriftRow, PreviewRepair, RepairDrift, RepairPreview,
    UnassignedAccount,
};
use counterfoil_wire::jobs::PortalJob;
use counterfoil_wire::page::{Page, PageQuery};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{StaffCaller, key_of, key_text, limit, page};
use crate::engine::{App, account, drift};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(report))
        .routes(routes!(accounts))
        .routes(routes!(preview))
        .routes(routes!(repair))
        .routes(routes!(unassigned))
        .routes(routes!(assign))
}

/// What the last look at all accounts found.
#[utoipa::path(get, path = "/api/v1/admin/portals/{id}/drift", tag = "drift", params(("id" = PortalId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The report", body = DriftReport)))]
async fn report(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PortalId>,
) -> Result<Json<DriftReport>, Failure> {
    caller.require(StaffAction::View)?;
    drift::report(&mut *app.reader().await?, caller.operator, id).await.map(Json)
}

/// Accounts that disagree, by their names on the portal.
#[utoipa::path(get, path = "/api/v1/admin/portals/{id}/drift/accounts", tag = "drift",
    params(("id" = PortalId, Path), DriftQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<DriftRow>)))]
async fn accounts(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PortalId>,
    QueryString(query): QueryString<DriftQuery>,
) -> Result<Json<Page<DriftRow>>, Failure> {
    caller.require(StaffAction::View)?;
    let (limit, after) = (limit(query.limit)?, key_of::<String>(query.after.as_deref())?.unwrap_or_default());
    let mut reader = app.reader().await?;
    let rows = drift::list(&mut reader, caller.operator, id, query.kind, &after, limit).await?;
    Ok(Json(page(rows, limit, |row| key_text(&row.key))))
}

/// What a repair would do. Nothing is done.
#[utoipa::path(post, path = "/api/v1/admin/portals/{id}/drift/preview", tag = "drift",
    params(("id" = PortalId, Path)), request_body = PreviewRepair, security(("bearer" = [])),
    responses((status = 200, description = "What it would do", body = RepairPreview)))]
async fn preview(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PortalId>,
    JsonBody(asked): JsonBody<PreviewRepair>,
) -> Result<Json<RepairPreview>, Failure> {
    caller.require(StaffAction::RepairAccounts)?;
    drift::preview(&app, caller.operator, id, &asked).await.map(Json)
}

/// Repairs what a preview showed.
#[utoipa::path(post, path = "/api/v1/admin/portals/{id}/drift/repair", tag = "drift",
    params(("id" = PortalId, Path)), request_body = RepairDrift, security(("bearer" = [])),
    responses((status = 200, description = "The job", body = PortalJob)))]
async fn repair(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PortalId>,
    JsonBody(asked): JsonBody<RepairDrift>,
) -> Result<Json<PortalJob>, Failure> {
    caller.require(StaffAction::RepairAccounts)?;
    drift::start_repair(&app, caller.operator, &caller.actor, caller.id, id, &asked).await.map(Json)
}

/// Accounts that no reseller owns, by user name.
#[utoipa::path(get, path = "/api/v1/admin/unassigned", tag = "drift", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<UnassignedAccount>)))]
async fn unassigned(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<UnassignedAccount>>, Failure> {
    caller.require(StaffAction::View)?;
    let (limit, after) = (limit(query.limit)?, key_of::<String>(query.after.as_deref())?.unwrap_or_default());
    let search = query.search.unwrap_or_default();
    let mut reader = app.reader().await?;
    let rows = account::unassigned(&mut reader, caller.operator, &search, &after, limit, app.now()).await?;
    Ok(Json(page(rows, limit, |row| key_text(&row.username))))
}

/// Gives accounts that nobody owns to a reseller.
#[utoipa::path(post, path = "/api/v1/admin/unassigned/assign", tag = "drift", request_body = AssignAccounts,
    security(("bearer" = [])), responses((status = 200, description = "How many", body = Assigned)))]
async fn assign(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<AssignAccounts>,
) -> Result<Json<Assigned>, Failure> {
    caller.require(StaffAction::RepairAccounts)?;
    account::assign(&app, caller.operator, &caller.actor, &asked).await.map(Json)
}
