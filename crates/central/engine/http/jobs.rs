//! Work with many accounts of a portal: started, watched, stopped, taken back.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::ids::{JobId, PortalId};
use counterfoil_domain::permission::StaffAction;
use counterfoil_domain::portal::PortalJobKind;
use counterfoil_wire::jobs::{PortalJob, StartJob, StartSync};
use counterfoil_wire::page::{Page, PageQuery};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{StaffCaller, key_text, limit, newest_before, page};
use crate::engine::portal_jobs::{self, Decision, NewJob};
use crate::engine::{App, drift};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sync))
        .routes(routes!(list))
        .routes(routes!(push_assignments))
        .routes(routes!(get))
        .routes(routes!(cancel))
        .routes(routes!(resume))
        .routes(routes!(confirm))
        .routes(routes!(undo))
}

/// Looks at all accounts of a portal. Nothing is written to it.
#[utoipa::path(post, path = "/api/v1/admin/portals/{id}/sync", tag = "drift", params(("id" = PortalId, Path)),
    request_body = StartSync, security(("bearer" = [])),
    responses((status = 200, description = "The job", body = PortalJob)))]
async fn sync(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PortalId>,
    JsonBody(asked): JsonBody<StartSync>,
) -> Result<Json<PortalJob>, Failure> {
    caller.require(StaffAction::RepairAccounts)?;
    let kind = if asked.everything { PortalJobKind::SyncEverything } else { PortalJobKind::SyncChanges };
    let new = NewJob::new(asked.job_id, id, kind);
    portal_jobs::start(&app, caller.operator, &caller.actor, caller.id, &new).await.map(Json)
}

/// Jobs of a portal, the newest first.
#[utoipa::path(get, path = "/api/v1/admin/portals/{id}/jobs", tag = "drift",
    params(("id" = PortalId, Path), PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<PortalJob>)))]
async fn list(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PortalId>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<PortalJob>>, Failure> {
    caller.require(StaffAction::View)?;
    let (limit, before) = (limit(query.limit)?, newest_before(query.after.as_deref())?);
    let jobs = portal_jobs::list(&mut *app.reader().await?, caller.operator, id, before, limit).await?;
    Ok(Json(page(jobs, limit, |job| key_text(&(job.started_at.0, job.job_id)))))
}

/// Writes every account's reseller to the portal.
#[utoipa::path(post, path = "/api/v1/admin/portals/{id}/push-assignments", tag = "drift",
    params(("id" = PortalId, Path)), request_body = StartJob, security(("bearer" = [])),
    responses((status = 200, description = "The job", body = PortalJob)))]
async fn push_assignments(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PortalId>,
    JsonBody(asked): JsonBody<StartJob>,
) -> Result<Json<PortalJob>, Failure> {
    caller.require(StaffAction::RepairAccounts)?;
    drift::start_push(&app, caller.operator, &caller.actor, caller.id, id, asked).await.map(Json)
}

/// One job.
#[utoipa::path(get, path = "/api/v1/admin/jobs/{id}", tag = "drift", params(("id" = JobId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The job", body = PortalJob)))]
async fn get(State(app): State<App>, caller: StaffCaller, Id(id): Id<JobId>) -> Result<Json<PortalJob>, Failure> {
    caller.require(StaffAction::View)?;
    portal_jobs::get(&mut *app.reader().await?, caller.operator, id).await.map(Json)
}

/// Stops a job where it stands. What it did stays, and can be resumed.
#[utoipa::path(post, path = "/api/v1/admin/jobs/{id}/cancel", tag = "drift", params(("id" = JobId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = PortalJob)))]
async fn cancel(State(app): State<App>, caller: StaffCaller, Id(id): Id<JobId>) -> Result<Json<PortalJob>, Failure> {
    decide(&app, &caller, id, Decision::Cancel).await
}

/// Goes on with a job that failed or was cancelled, from where it stopped.
#[utoipa::path(post, path = "/api/v1/admin/jobs/{id}/resume", tag = "drift", params(("id" = JobId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = PortalJob)))]
async fn resume(State(app): State<App>, caller: StaffCaller, Id(id): Id<JobId>) -> Result<Json<PortalJob>, Failure> {
    decide(&app, &caller, id, Decision::Resume).await
}

/// Believes what a job asks about, and lets it go on.
#[utoipa::path(post, path = "/api/v1/admin/jobs/{id}/confirm", tag = "drift", params(("id" = JobId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = PortalJob)))]
async fn confirm(State(app): State<App>, caller: StaffCaller, Id(id): Id<JobId>) -> Result<Json<PortalJob>, Failure> {
    decide(&app, &caller, id, Decision::Confirm).await
}

async fn decide(app: &App, caller: &StaffCaller, id: JobId, decision: Decision) -> Result<Json<PortalJob>, Failure> {
    caller.require(StaffAction::RepairAccounts)?;
    portal_jobs::decide(app, caller.operator, &caller.actor, id, decision).await.map(Json)
}

/// Takes a repair back, as far as nobody has changed anything since.
#[utoipa::path(post, path = "/api/v1/admin/jobs/{id}/undo", tag = "drift", params(("id" = JobId, Path)),
    request_body = StartJob, security(("bearer" = [])),
    responses((status = 200, description = "The job that takes it back", body = PortalJob)))]
async fn undo(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<JobId>,
    JsonBody(asked): JsonBody<StartJob>,
) -> Result<Json<PortalJob>, Failure> {
    caller.require(StaffAction::RepairAccounts)?;
    drift::start_undo(&app, caller.operator, &caller.actor, caller.id, id, asked.job_id).await.map(Json)
}
