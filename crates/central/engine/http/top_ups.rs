//! Requests for credit: a reseller asks, staff answer.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::ids::{OperatorId, TopUpRequestId};
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::page::Page;
use counterfoil_wire::top_ups::{ApproveTopUp, RejectTopUp, RequestTopUp, TopUpRequest, TopUpsQuery};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller, key_text, limit, newest_before, page};
use crate::engine::App;
use crate::engine::top_ups::{self, Viewer};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(admin_list))
        .routes(routes!(approve))
        .routes(routes!(reject))
        .routes(routes!(own_list, ask))
        .routes(routes!(cancel))
}

async fn list(
    app: &App,
    operator: OperatorId,
    viewer: Viewer,
    query: &TopUpsQuery,
) -> Result<Json<Page<TopUpRequest>>, Failure> {
    let (limit, before) = (limit(query.limit)?, newest_before(query.after.as_deref())?);
    let rows = top_ups::list(&mut *app.reader().await?, operator, viewer, query.state, before, limit).await?;
    Ok(Json(page(rows, limit, |row| key_text(&(row.asked_at.0, row.request_id)))))
}

/// Requests of all resellers, the newest first.
#[utoipa::path(get, path = "/api/v1/admin/top-up-requests", tag = "credits", params(TopUpsQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<TopUpRequest>)))]
async fn admin_list(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<TopUpsQuery>,
) -> Result<Json<Page<TopUpRequest>>, Failure> {
    caller.require(StaffAction::View)?;
    list(&app, caller.operator, Viewer::Staff, &query).await
}

/// Approves a request and books its credit, once.
#[utoipa::path(post, path = "/api/v1/admin/top-up-requests/{id}/approve", tag = "credits",
    params(("id" = TopUpRequestId, Path)), request_body = ApproveTopUp, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = TopUpRequest)))]
async fn approve(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<TopUpRequestId>,
    JsonBody(asked): JsonBody<ApproveTopUp>,
) -> Result<Json<TopUpRequest>, Failure> {
    caller.require(StaffAction::MoveCredits)?;
    top_ups::approve(&app, caller.operator, &caller.actor, caller.id, id, &asked).await.map(Json)
}

/// Rejects a request, with a reason.
#[utoipa::path(post, path = "/api/v1/admin/top-up-requests/{id}/reject", tag = "credits",
    params(("id" = TopUpRequestId, Path)), request_body = RejectTopUp, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = TopUpRequest)))]
async fn reject(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<TopUpRequestId>,
    JsonBody(asked): JsonBody<RejectTopUp>,
) -> Result<Json<TopUpRequest>, Failure> {
    caller.require(StaffAction::MoveCredits)?;
    top_ups::reject(&app, caller.operator, &caller.actor, caller.id, id, &asked).await.map(Json)
}

/// The caller's requests, the newest first.
#[utoipa::path(get, path = "/api/v1/reseller/top-up-requests", tag = "credits", params(TopUpsQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<TopUpRequest>)))]
async fn own_list(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<TopUpsQuery>,
) -> Result<Json<Page<TopUpRequest>>, Failure> {
    caller.require(MemberAction::ViewCredit)?;
    list(&app, caller.operator, Viewer::Reseller(caller.reseller), &query).await
}

/// Asks for credit. A repeat under the same id is answered, not asked again.
#[utoipa::path(post, path = "/api/v1/reseller/top-up-requests", tag = "credits", request_body = RequestTopUp,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = TopUpRequest)))]
async fn ask(
    State(app): State<App>,
    caller: MemberCaller,
    JsonBody(asked): JsonBody<RequestTopUp>,
) -> Result<Json<TopUpRequest>, Failure> {
    caller.require(MemberAction::RequestTopUp)?;
    let who = (caller.reseller, caller.person()?);
    top_ups::ask(&app, caller.operator, &caller.actor, who, &asked).await.map(Json)
}

/// Takes an open request back.
#[utoipa::path(post, path = "/api/v1/reseller/top-up-requests/{id}/cancel", tag = "credits",
    params(("id" = TopUpRequestId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = TopUpRequest)))]
async fn cancel(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<TopUpRequestId>,
) -> Result<Json<TopUpRequest>, Failure> {
    caller.require(MemberAction::RequestTopUp)?;
    top_ups::cancel(&app, caller.operator, &caller.actor, caller.reseller, id).await.map(Json)
}
