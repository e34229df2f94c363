//! Price lists: staff see and set what a reseller may sell, and at what price.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString, TwoIds};
use counterfoil_domain::ids::{PlanId, ResellerId};
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::prices::{PlanPrice, PriceHistory, SetPrice};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{StaffCaller, key_of, key_text, limit, page};
use crate::engine::{App, prices};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(history, set))
}

/// The active plans by name, each with what the reseller's price list says about it.
#[utoipa::path(get, path = "/api/v1/admin/resellers/{id}/prices", tag = "resellers",
    params(("id" = ResellerId, Path), PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<PlanPrice>)))]
async fn list(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<PlanPrice>>, Failure> {
    caller.require(StaffAction::View)?;
    let (limit, after) = (limit(query.limit)?, key_of(query.after.as_deref())?);
    let asked = prices::Asked { search: query.search.as_deref().unwrap_or_default(), after, limit, now: app.now() };
    let rows = prices::list(&mut *app.reader().await?, caller.operator, &caller.scope, id, &asked).await?;
    Ok(Json(page(rows, limit, |row| key_text(&(&row.plan.name, row.plan.plan_id)))))
}

/// One plan in a reseller's price list, with its history.
#[utoipa::path(get, path = "/api/v1/admin/resellers/{id}/prices/{plan_id}", tag = "resellers",
    params(("id" = ResellerId, Path), ("plan_id" = PlanId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "Now and before", body = PriceHistory)))]
async fn history(
    State(app): State<App>,
    caller: StaffCaller,
    TwoIds(id, plan): TwoIds<ResellerId, PlanId>,
) -> Result<Json<PriceHistory>, Failure> {
    caller.require(StaffAction::View)?;
    let mut reader = app.snapshot().await?;
    prices::history(&mut reader, caller.operator, &caller.scope, id, plan, app.now()).await.map(Json)
}

/// Allows or forbids a reseller a plan, and sets its price, from now or from a day to come. What was before stays as it
/// was, and leases keep the terms they were cut with.
#[utoipa::path(post, path = "/api/v1/admin/resellers/{id}/prices/{plan_id}", tag = "resellers",
    params(("id" = ResellerId, Path), ("plan_id" = PlanId, Path)), request_body = SetPrice,
    security(("bearer" = [])), responses((status = 200, description = "Now and before", body = PriceHistory)))]
async fn set(
    State(app): State<App>,
    caller: StaffCaller,
    TwoIds(id, plan): TwoIds<ResellerId, PlanId>,
    JsonBody(asked): JsonBody<SetPrice>,
) -> Result<Json<PriceHistory>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    let setter = prices::Setter { operator: caller.operator, staff: caller.id, actor: &caller.actor };
    prices::set(&app, &setter, id, plan, &asked).await.map(Json)
}
