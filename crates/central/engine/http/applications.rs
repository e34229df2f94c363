//! Applications: anybody sends one, staff decide.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{ClientAddress, Id, JsonBody, QueryString};
use counterfoil_domain::ids::ApplicationId;
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::applications::{
    Application, ApplicationsQuery, Applied, Apply, ApproveApplication, RejectApplication,
};
use counterfoil_wire::page::Page;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{StaffCaller, key_text, limit, newest_before, page};
use crate::engine::{App, applications};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(signup))
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(approve))
        .routes(routes!(reject))
}

/// Asks to become a reseller; staff decide. A repeat under the same id is answered like the first.
#[utoipa::path(post, path = "/api/v1/reseller/signup", tag = "applications", request_body = Apply,
    responses((status = 200, description = "Received", body = Applied)))]
async fn signup(
    State(app): State<App>,
    address: ClientAddress,
    JsonBody(asked): JsonBody<Apply>,
) -> Result<Json<Applied>, Failure> {
    applications::apply(&app, asked, address).await.map(Json)
}

/// Applications, the newest first.
#[utoipa::path(get, path = "/api/v1/admin/applications", tag = "applications", params(ApplicationsQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<Application>)))]
async fn list(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<ApplicationsQuery>,
) -> Result<Json<Page<Application>>, Failure> {
    caller.require(StaffAction::View)?;
    let (limit, before) = (limit(query.limit)?, newest_before(query.after.as_deref())?);
    let filter = applications::Filter { state: query.state, search: query.search.as_deref().unwrap_or_default() };
    let rows = applications::list(&mut *app.reader().await?, caller.operator, &filter, before, limit).await?;
    Ok(Json(page(rows, limit, |row| key_text(&(row.created_at.0, row.application_id)))))
}

/// One application, with a proposed user name while it waits, and with the letter once it is decided.
#[utoipa::path(get, path = "/api/v1/admin/applications/{id}", tag = "applications",
    params(("id" = ApplicationId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The application", body = Application)))]
async fn get(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ApplicationId>,
) -> Result<Json<Application>, Failure> {
    caller.require(StaffAction::View)?;
    applications::detail(&mut *app.reader().await?, caller.operator, id).await.map(Json)
}

/// Approves it: creates the reseller, its owner, its books and its first rate.
#[utoipa::path(post, path = "/api/v1/admin/applications/{id}/approve", tag = "applications",
    params(("id" = ApplicationId, Path)), request_body = ApproveApplication, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Application)))]
async fn approve(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ApplicationId>,
    JsonBody(asked): JsonBody<ApproveApplication>,
) -> Result<Json<Application>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    applications::approve(&app, caller.operator, &caller.actor, caller.id, id, asked).await.map(Json)
}

/// Rejects it, with the reason that the applicant is told.
#[utoipa::path(post, path = "/api/v1/admin/applications/{id}/reject", tag = "applications",
    params(("id" = ApplicationId, Path)), request_body = RejectApplication, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Application)))]
async fn reject(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ApplicationId>,
    JsonBody(asked): JsonBody<RejectApplication>,
) -> Result<Json<Application>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    applications::reject(&app, caller.operator, &caller.actor, caller.id, id, &asked).await.map(Json)
}
