//! Work with many accounts of a portal, or with many codes of a lot: watched, stopped, taken back. That with accounts is
//! started here too.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::ids::{JobId, PortalId};
use counterfoil_domain::permission::StaffAction;
use counterfoil_domain::portal::PortalJobKind;
use counterfoil_wire::jobs::{Job, PortalJob, StartJob, StartSync};
use counterfoil_wire::page::{Page, PageQuery};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{StaffCaller, key_text, limit, newest_before, page};
use crate::engine::portal_jobs::{self, Decision, NewJob};
use crate::engine::{App, code_jobs, drift, lot};

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

/// One job, of a portal or of a lot.
#[utoipa::path(get, path = "/api/v1/admin/jobs/{id}", tag = "jobs", params(("id" = JobId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The job", body = Job)))]
async fn get(State(app): State<App>, caller: StaffCaller, Id(id): Id<JobId>) -> Result<Json<Job>, Failure> {
    caller.require(StaffAction::View)?;
    let mut reader = app.reader().await?;
    if let Some(job) = code_jobs::find(&mut reader, caller.operator, id).await? {
        return Ok(Json(Job::Codes(job.view()?)));
    }
    Ok(Json(Job::Portal(portal_jobs::get(&mut reader, caller.operator, id).await?)))
}

/// Stops a job where it stands. What it did stays, and can be resumed.
#[utoipa::path(post, path = "/api/v1/admin/jobs/{id}/cancel", tag = "jobs", params(("id" = JobId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Job)))]
async fn cancel(State(app): State<App>, caller: StaffCaller, Id(id): Id<JobId>) -> Result<Json<Job>, Failure> {
    match which(&app, &caller, id).await? {
        Which::Codes => decide_codes(&app, &caller, id, code_jobs::Decision::Cancel).await,
        Which::Portal => Ok(Json(Job::Portal(decide(&app, &caller, id, Decision::Cancel).await?))),
    }
}

/// Goes on with a job that failed or was cancelled, from where it stopped.
#[utoipa::path(post, path = "/api/v1/admin/jobs/{id}/resume", tag = "jobs", params(("id" = JobId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Job)))]
async fn resume(State(app): State<App>, caller: StaffCaller, Id(id): Id<JobId>) -> Result<Json<Job>, Failure> {
    match which(&app, &caller, id).await? {
        Which::Codes => decide_codes(&app, &caller, id, code_jobs::Decision::Resume).await,
        Which::Portal => Ok(Json(Job::Portal(decide(&app, &caller, id, Decision::Resume).await?))),
    }
}

/// Believes what a job of a portal asks about, and lets it go on.
#[utoipa::path(post, path = "/api/v1/admin/jobs/{id}/confirm", tag = "jobs", params(("id" = JobId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = PortalJob)))]
async fn confirm(State(app): State<App>, caller: StaffCaller, Id(id): Id<JobId>) -> Result<Json<PortalJob>, Failure> {
    caller.require(StaffAction::RepairAccounts)?;
    decide(&app, &caller, id, Decision::Confirm).await.map(Json)
}

async fn decide(app: &App, caller: &StaffCaller, id: JobId, decision: Decision) -> Result<PortalJob, Failure> {
    portal_jobs::decide(app, caller.operator, &caller.actor, id, decision).await
}

async fn decide_codes(
    app: &App,
    caller: &StaffCaller,
    id: JobId,
    decision: code_jobs::Decision,
) -> Result<Json<Job>, Failure> {
    let job = code_jobs::decide(app, caller.operator, &caller.actor, id, decision).await?;
    Ok(Json(Job::Codes(job)))
}

/// What a job is about.
enum Which {
    Codes,
    Portal,
}

/// Asks for the right that its kind needs; who has neither is not told whether it is there.
async fn which(app: &App, caller: &StaffCaller, id: JobId) -> Result<Which, Failure> {
    if code_jobs::find(&mut *app.reader().await?, caller.operator, id).await?.is_some() {
        caller.require(StaffAction::ManageCodes)?;
        return Ok(Which::Codes);
    }
    caller.require(StaffAction::RepairAccounts)?;
    Ok(Which::Portal)
}

/// Takes a repair or a change of codes back, as far as nobody has changed anything since.
#[utoipa::path(post, path = "/api/v1/admin/jobs/{id}/undo", tag = "jobs", params(("id" = JobId, Path)),
    request_body = StartJob, security(("bearer" = [])),
    responses((status = 200, description = "The job that takes it back", body = Job)))]
async fn undo(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<JobId>,
    JsonBody(asked): JsonBody<StartJob>,
) -> Result<Json<Job>, Failure> {
    let (operator, actor) = (caller.operator, &caller.actor);
    Ok(Json(match which(&app, &caller, id).await? {
        Which::Codes => Job::Codes(lot::start_undo(&app, operator, actor, caller.id, id, asked.job_id).await?),
        Which::Portal => Job::Portal(drift::start_undo(&app, operator, actor, caller.id, id, asked.job_id).await?),
    }))
}
