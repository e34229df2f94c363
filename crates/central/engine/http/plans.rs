//! Plans: staff create and edit them, resellers see what they can sell.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::ids::{OperatorId, PlanId, ResellerId};
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::plans::{Plan, SavePlan, TrialAllowance};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller, key_of, key_text, limit, page};
use crate::engine::{App, plans, resellers, trials};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(admin_list, admin_create))
        .routes(routes!(admin_get, admin_edit))
        .routes(routes!(reseller_list))
        .routes(routes!(of_reseller))
        .routes(routes!(own_trials))
}

async fn list(
    app: &App,
    operator: OperatorId,
    query: &PageQuery,
    only_active: bool,
    sold_by: Option<ResellerId>,
) -> Result<Json<Page<Plan>>, Failure> {
    let (limit, after) = (limit(query.limit)?, key_of(query.after.as_deref())?);
    let search = query.search.as_deref().unwrap_or_default();
    let filter = plans::Filter { search, only_active, sold_by: sold_by.map(|reseller| (reseller, app.now())) };
    let rows = plans::list(&mut *app.reader().await?, operator, &filter, after, limit).await?;
    Ok(Json(page(rows, limit, |plan| key_text(&(&plan.name, plan.plan_id)))))
}

/// All plans, by name.
#[utoipa::path(get, path = "/api/v1/admin/plans", tag = "plans", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<Plan>)))]
async fn admin_list(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<Plan>>, Failure> {
    caller.require(StaffAction::View)?;
    list(&app, caller.operator, &query, false, None).await
}

/// Creates a plan.
#[utoipa::path(post, path = "/api/v1/admin/plans", tag = "plans", request_body = SavePlan,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Plan)))]
async fn admin_create(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(plan): JsonBody<SavePlan>,
) -> Result<Json<Plan>, Failure> {
    caller.require(StaffAction::ManagePlans)?;
    plans::create(&app, caller.operator, &caller.actor, &plan).await.map(Json)
}

/// One plan.
#[utoipa::path(get, path = "/api/v1/admin/plans/{id}", tag = "plans", params(("id" = PlanId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The plan", body = Plan)))]
async fn admin_get(State(app): State<App>, caller: StaffCaller, Id(id): Id<PlanId>) -> Result<Json<Plan>, Failure> {
    caller.require(StaffAction::View)?;
    plans::get(&mut *app.reader().await?, caller.operator, id).await.map(Json)
}

/// Edits a plan as it was read, or archives it.
#[utoipa::path(put, path = "/api/v1/admin/plans/{id}", tag = "plans", params(("id" = PlanId, Path)),
    request_body = SavePlan, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Plan)))]
async fn admin_edit(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PlanId>,
    JsonBody(plan): JsonBody<SavePlan>,
) -> Result<Json<Plan>, Failure> {
    caller.require(StaffAction::ManagePlans)?;
    plans::edit(&app, caller.operator, &caller.actor, id, &plan).await.map(Json)
}

/// The plans that the reseller can sell, by name, at what it sells them for.
#[utoipa::path(get, path = "/api/v1/reseller/plans", tag = "plans", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<Plan>)))]
async fn reseller_list(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<Plan>>, Failure> {
    list(&app, caller.operator, &query, true, Some(caller.reseller)).await
}

/// Trials that a reseller may give, and what is left of them this month.
#[utoipa::path(get, path = "/api/v1/admin/resellers/{id}/trials", tag = "plans", operation_id = "reseller_trials",
    params(("id" = ResellerId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "By name", body = Vec<TrialAllowance>)))]
async fn of_reseller(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
) -> Result<Json<Vec<TrialAllowance>>, Failure> {
    caller.require(StaffAction::View)?;
    let mut reader = app.snapshot().await?;
    resellers::get(&mut reader, caller.operator, &caller.scope, id).await?;
    trials::list(&mut reader, caller.operator, id, app.now()).await.map(Json)
}

/// Trials that the caller's reseller may give, and what is left of them this month.
#[utoipa::path(get, path = "/api/v1/reseller/trials", tag = "plans", operation_id = "own_trials",
    security(("bearer" = [])), responses((status = 200, description = "By name", body = Vec<TrialAllowance>)))]
async fn own_trials(State(app): State<App>, caller: MemberCaller) -> Result<Json<Vec<TrialAllowance>>, Failure> {
    let mut reader = app.snapshot().await?;
    trials::list(&mut reader, caller.operator, caller.reseller, app.now()).await.map(Json)
}
