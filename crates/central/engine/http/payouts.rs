//! Payouts: a reseller asks, staff take the steps.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::ids::{OperatorId, PayoutId};
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::page::Page;
use counterfoil_wire::payouts::{FailPayout, Payout, PayoutsQuery, RequestPayout, SendPayout};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller, key_text, limit, newest_before, page};
use crate::engine::App;
use crate::engine::commission::Viewer;
use crate::engine::commission::payouts::{self, Step};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(admin_list))
        .routes(routes!(one))
        .routes(routes!(approve))
        .routes(routes!(sent))
        .routes(routes!(confirm))
        .routes(routes!(fail))
        .routes(routes!(own_list, ask))
}

async fn list(
    app: &App,
    operator: OperatorId,
    viewer: Viewer,
    query: &PayoutsQuery,
) -> Result<Json<Page<Payout>>, Failure> {
    let (limit, before) = (limit(query.limit)?, newest_before(query.after.as_deref())?);
    let rows = payouts::list(&mut *app.reader().await?, operator, viewer, query.state, before, limit).await?;
    Ok(Json(page(rows, limit, |row| key_text(&(row.asked_at.0, row.payout_id)))))
}

/// Payouts of all resellers, the newest first.
#[utoipa::path(get, path = "/api/v1/admin/payouts", tag = "commission", params(PayoutsQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<Payout>)))]
async fn admin_list(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<PayoutsQuery>,
) -> Result<Json<Page<Payout>>, Failure> {
    caller.require(StaffAction::View)?;
    list(&app, caller.operator, Viewer::Staff, &query).await
}

/// A payout.
#[utoipa::path(get, path = "/api/v1/admin/payouts/{id}", tag = "commission", params(("id" = PayoutId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The payout", body = Payout)))]
async fn one(State(app): State<App>, caller: StaffCaller, Id(id): Id<PayoutId>) -> Result<Json<Payout>, Failure> {
    caller.require(StaffAction::View)?;
    payouts::get(&mut *app.reader().await?, caller.operator, Viewer::Staff, id).await.map(Json)
}

async fn step(app: &App, caller: &StaffCaller, id: PayoutId, step: Step<'_>) -> Result<Json<Payout>, Failure> {
    caller.require(StaffAction::MoveCredits)?;
    payouts::step(app, caller.operator, &caller.actor, caller.id, id, step).await.map(Json)
}

/// Approves a payout that was asked for.
#[utoipa::path(post, path = "/api/v1/admin/payouts/{id}/approve", tag = "commission",
    params(("id" = PayoutId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Payout)))]
async fn approve(State(app): State<App>, caller: StaffCaller, Id(id): Id<PayoutId>) -> Result<Json<Payout>, Failure> {
    step(&app, &caller, id, Step::Approve).await
}

/// Says that the money of an approved payout is under way.
#[utoipa::path(post, path = "/api/v1/admin/payouts/{id}/sent", tag = "commission", params(("id" = PayoutId, Path)),
    request_body = SendPayout, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Payout)))]
async fn sent(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PayoutId>,
    JsonBody(asked): JsonBody<SendPayout>,
) -> Result<Json<Payout>, Failure> {
    step(&app, &caller, id, Step::Sent(&asked.reference)).await
}

/// Says that the money of a payout that was sent has arrived. Its earnings are paid.
#[utoipa::path(post, path = "/api/v1/admin/payouts/{id}/confirm", tag = "commission",
    params(("id" = PayoutId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Payout)))]
async fn confirm(State(app): State<App>, caller: StaffCaller, Id(id): Id<PayoutId>) -> Result<Json<Payout>, Failure> {
    step(&app, &caller, id, Step::Confirm).await
}

/// Refuses a payout, or says that its money came back. Its earnings are available again.
#[utoipa::path(post, path = "/api/v1/admin/payouts/{id}/fail", tag = "commission", params(("id" = PayoutId, Path)),
    request_body = FailPayout, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Payout)))]
async fn fail(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PayoutId>,
    JsonBody(asked): JsonBody<FailPayout>,
) -> Result<Json<Payout>, Failure> {
    step(&app, &caller, id, Step::Fail(&asked.reason)).await
}

/// The caller's payouts, the newest first.
#[utoipa::path(get, path = "/api/v1/reseller/payouts", tag = "commission", params(PayoutsQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<Payout>)))]
async fn own_list(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<PayoutsQuery>,
) -> Result<Json<Page<Payout>>, Failure> {
    caller.require(MemberAction::ViewEarnings)?;
    list(&app, caller.operator, Viewer::Reseller(caller.reseller), &query).await
}

/// Asks for a payout of all that is available. A repeat under the same id is answered, not asked again.
#[utoipa::path(post, path = "/api/v1/reseller/payouts", tag = "commission", request_body = RequestPayout,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Payout)))]
async fn ask(
    State(app): State<App>,
    caller: MemberCaller,
    JsonBody(asked): JsonBody<RequestPayout>,
) -> Result<Json<Payout>, Failure> {
    caller.require(MemberAction::RequestPayout)?;
    let who = (caller.reseller, caller.person()?);
    payouts::ask(&app, caller.operator, &caller.actor, who, &asked).await.map(Json)
}
