//! Lots: made by resellers at once, ordered by staff as jobs, changed, printed.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::LotId;
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::jobs::CodeJob;
use counterfoil_wire::lots::{
    ChangeLot, ChangePreview, CreateLot, CreatedLot, FileQuery, Lot, LotDetail, LotPreview, LotsQuery, OrderLot,
    PreviewChange, PreviewLot,
};
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::ranges::{
    Allocate, Allocated, AllocationPreview, CancelRange, ChangeRange, PreviewAllocation, PreviewRange, RangeJobs,
    RangePreview, UndoRange,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::codes::email;
use super::{MemberCaller, StaffCaller, key_text, limit, newest_before, page};
use crate::engine::lot::{self, NewLot, Viewer};
use crate::engine::{App, code_jobs};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(admin_list, order))
        .routes(routes!(preview))
        .routes(routes!(preview_allocation))
        .routes(routes!(allocate))
        .routes(routes!(preview_range))
        .routes(routes!(change_range))
        .routes(routes!(cancel_range))
        .routes(routes!(undo_range))
        .routes(routes!(jobs))
        .routes(routes!(admin_get))
        .routes(routes!(preview_change))
        .routes(routes!(change))
        .routes(routes!(print_file))
        .routes(routes!(reseller_list, create))
        .routes(routes!(reseller_get))
}

/// Lots of the operator, the newest first. Codes made alone are in none.
#[utoipa::path(get, path = "/api/v1/admin/lots", tag = "lots", security(("bearer" = [])), params(LotsQuery),
    responses((status = 200, description = "A page of lots", body = Page<Lot>)))]
async fn admin_list(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<LotsQuery>,
) -> Result<Json<Page<Lot>>, Failure> {
    caller.require(StaffAction::View)?;
    lot::list(&app, caller.operator, &caller.scope, Viewer::Staff, &query).await.map(Json)
}

/// Orders a lot of any size for a reseller, or for nobody yet. A job makes its codes, and each part of them is paid when it
/// is made.
#[utoipa::path(post, path = "/api/v1/admin/lots", tag = "lots", security(("bearer" = [])), request_body = OrderLot,
    responses((status = 200, description = "Ordered, now or before under this id", body = Lot)))]
async fn order(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<OrderLot>,
) -> Result<Json<Lot>, Failure> {
    caller.require(StaffAction::ManageCodes)?;
    lot::order(&app, caller.operator, &caller.actor, caller.id, &asked).await.map(Json)
}

/// What a lot would cost, and whether it would be refused. Nothing is made.
#[utoipa::path(post, path = "/api/v1/admin/lots/preview", tag = "lots", security(("bearer" = [])),
    request_body = PreviewLot, responses((status = 200, description = "What it would cost", body = LotPreview)))]
async fn preview(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<PreviewLot>,
) -> Result<Json<LotPreview>, Failure> {
    caller.require(StaffAction::ManageCodes)?;
    lot::preview(&app, caller.operator, &asked).await.map(Json)
}

/// What it would take to give a reseller codes that the operator keeps. Nothing is given.
#[utoipa::path(post, path = "/api/v1/admin/lots/allocations/preview", tag = "lots", security(("bearer" = [])),
    request_body = PreviewAllocation,
    responses((status = 200, description = "What it would cost", body = AllocationPreview)))]
async fn preview_allocation(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<PreviewAllocation>,
) -> Result<Json<AllocationPreview>, Failure> {
    caller.require(StaffAction::ManageCodes)?;
    lot::preview_allocation(&app, caller.operator, &asked).await.map(Json)
}

/// Gives a reseller what a preview showed: a lot of its own for each lot that gives some, filled and paid by a job.
#[utoipa::path(post, path = "/api/v1/admin/lots/allocations", tag = "lots", security(("bearer" = [])),
    request_body = Allocate,
    responses((status = 200, description = "The reseller's lots, now or before under these ids", body = Allocated)))]
async fn allocate(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<Allocate>,
) -> Result<Json<Allocated>, Failure> {
    caller.require(StaffAction::ManageCodes)?;
    lot::allocate(&app, caller.operator, &caller.actor, caller.id, &asked).await.map(Json)
}

/// What a change of all codes between two serials would do, lot by lot. Nothing is changed.
#[utoipa::path(post, path = "/api/v1/admin/lots/ranges/preview", tag = "lots", security(("bearer" = [])),
    request_body = PreviewRange, responses((status = 200, description = "What it would do", body = RangePreview)))]
async fn preview_range(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<PreviewRange>,
) -> Result<Json<RangePreview>, Failure> {
    caller.require(StaffAction::ManageCodes)?;
    lot::preview_range(&mut *app.reader().await?, caller.operator, &asked).await.map(Json)
}

/// Changes what a preview showed, by a job on each lot. All begin, or none.
#[utoipa::path(post, path = "/api/v1/admin/lots/ranges", tag = "lots", security(("bearer" = [])),
    request_body = ChangeRange, responses((status = 200, description = "The jobs", body = RangeJobs)))]
async fn change_range(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<ChangeRange>,
) -> Result<Json<RangeJobs>, Failure> {
    caller.require(StaffAction::ManageCodes)?;
    lot::change_range(&app, caller.operator, &caller.actor, caller.id, &asked).await.map(Json)
}

/// Stops the jobs of a range where they stand. Those that are over by then stay as they ended.
#[utoipa::path(post, path = "/api/v1/admin/lots/ranges/cancel", tag = "lots", security(("bearer" = [])),
    request_body = CancelRange, responses((status = 200, description = "As they are now", body = RangeJobs)))]
async fn cancel_range(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<CancelRange>,
) -> Result<Json<RangeJobs>, Failure> {
    caller.require(StaffAction::ManageCodes)?;
    lot::cancel_range(&app, caller.operator, &caller.actor, &asked).await.map(Json)
}

/// Takes the jobs of a range back, as far as nobody has changed anything since. All begin, or none.
#[utoipa::path(post, path = "/api/v1/admin/lots/ranges/undo", tag = "lots", security(("bearer" = [])),
    request_body = UndoRange, responses((status = 200, description = "The jobs that take them back", body = RangeJobs)))]
async fn undo_range(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<UndoRange>,
) -> Result<Json<RangeJobs>, Failure> {
    caller.require(StaffAction::ManageCodes)?;
    lot::undo_range(&app, caller.operator, &caller.actor, caller.id, &asked).await.map(Json)
}

/// Jobs of all lots, the newest first: what goes on, what can be resumed and what can be taken back.
#[utoipa::path(get, path = "/api/v1/admin/lots/jobs", tag = "lots", security(("bearer" = [])), params(PageQuery),
    responses((status = 200, description = "A page of jobs", body = Page<CodeJob>)))]
async fn jobs(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<CodeJob>>, Failure> {
    caller.require(StaffAction::View)?;
    let (limit, before) = (limit(query.limit)?, newest_before(query.after.as_deref())?);
    let jobs = code_jobs::list(&mut *app.reader().await?, caller.operator, before, limit + 1).await?;
    Ok(Json(page(jobs, limit, |job| key_text(&(job.started_at.0, job.job_id)))))
}

/// One lot, with its codes counted by state and its jobs.
#[utoipa::path(get, path = "/api/v1/admin/lots/{id}", tag = "lots", security(("bearer" = [])),
    params(("id" = LotId, Path)), responses((status = 200, description = "The lot", body = LotDetail)))]
async fn admin_get(State(app): State<App>, caller: StaffCaller, Id(id): Id<LotId>) -> Result<Json<LotDetail>, Failure> {
    caller.require(StaffAction::View)?;
    let mut reader = app.reader().await?;
    lot::detail(&mut reader, caller.operator, &caller.scope, Viewer::Staff, id).await.map(Json)
}

/// What a change of a lot's codes, or of a range of them, would do. Nothing is changed.
#[utoipa::path(post, path = "/api/v1/admin/lots/{id}/changes/preview", tag = "lots", security(("bearer" = [])),
    params(("id" = LotId, Path)), request_body = PreviewChange,
    responses((status = 200, description = "What it would do", body = ChangePreview)))]
async fn preview_change(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<LotId>,
    JsonBody(asked): JsonBody<PreviewChange>,
) -> Result<Json<ChangePreview>, Failure> {
    caller.require(StaffAction::ManageCodes)?;
    lot::preview_change(&mut *app.reader().await?, caller.operator, id, &asked).await.map(Json)
}

/// Changes what a preview showed, by a job.
#[utoipa::path(post, path = "/api/v1/admin/lots/{id}/changes", tag = "lots", security(("bearer" = [])),
    params(("id" = LotId, Path)), request_body = ChangeLot,
    responses((status = 200, description = "The job", body = CodeJob)))]
async fn change(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<LotId>,
    JsonBody(asked): JsonBody<ChangeLot>,
) -> Result<Json<CodeJob>, Failure> {
    caller.require(StaffAction::ManageCodes)?;
    lot::start_change(&app, caller.operator, &caller.actor, caller.id, id, &asked).await.map(Json)
}

/// The codes of a lot that can still be used, as CSV for a printer. Who fetched them is in the audit.
#[utoipa::path(get, path = "/api/v1/admin/lots/{id}/print-file", tag = "lots", security(("bearer" = [])),
    params(("id" = LotId, Path), FileQuery),
    responses((status = 200, description = "Serial, code, plan, term, redeem-by", content_type = "text/csv",
        body = String)))]
async fn print_file(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<LotId>,
    QueryString(query): QueryString<FileQuery>,
) -> Result<Response, Failure> {
    caller.require(StaffAction::ManageCodes)?;
    let file = lot::print_file(&app, caller.operator, &caller.actor, id, &query).await?;
    let disposition = format!("attachment; filename=\"{}\"", file.name);
    let mut response = Response::new(Body::from_stream(file.lines));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    // Whole codes: no cache on the way keeps them.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(Failure::internal)?);
    Ok(response)
}

/// Lots of the caller's reseller and those below it, the newest first.
#[utoipa::path(get, path = "/api/v1/reseller/lots", tag = "lots", security(("bearer" = [])), params(LotsQuery),
    responses((status = 200, description = "A page of lots", body = Page<Lot>)))]
async fn reseller_list(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<LotsQuery>,
) -> Result<Json<Page<Lot>>, Failure> {
    caller.require(MemberAction::Sell)?;
    lot::list(&app, caller.operator, &caller.scope, Viewer::Reseller, &query).await.map(Json)
}

/// Makes up to 100 codes at once; their cost comes from the wallet in one posting. Needs the grant `bulk_operations`.
#[utoipa::path(post, path = "/api/v1/reseller/lots", tag = "lots", security(("bearer" = [])), request_body = CreateLot,
    responses((status = 200, description = "Made, now or before under this id", body = CreatedLot)))]
async fn create(
    State(app): State<App>,
    caller: MemberCaller,
    JsonBody(asked): JsonBody<CreateLot>,
) -> Result<Json<CreatedLot>, Failure> {
    caller.require_granted(&app, MemberAction::Sell, Grant::BulkOperations).await?;
    let new = NewLot {
        id: asked.lot_id,
        reseller: caller.reseller,
        plan: asked.plan_id,
        codes: &[],
        customer_email: email(asked.customer_email.as_deref())?,
        made_by: caller.by,
    };
    lot::create(&app, caller.operator, &caller.actor, &caller.scope, &new, &asked).await.map(Json)
}

/// One lot, with its codes counted by state.
#[utoipa::path(get, path = "/api/v1/reseller/lots/{id}", tag = "lots", security(("bearer" = [])),
    params(("id" = LotId, Path)), responses((status = 200, description = "The lot", body = LotDetail)))]
async fn reseller_get(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<LotId>,
) -> Result<Json<LotDetail>, Failure> {
    caller.require(MemberAction::Sell)?;
    let mut reader = app.reader().await?;
    lot::detail(&mut reader, caller.operator, &caller.scope, Viewer::Reseller, id).await.map(Json)
}
