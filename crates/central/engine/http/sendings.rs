//! Sendings to the boxes of many accounts.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::ids::{PortalId, SendingId};
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::sendings::{AskReach, Reach, Sending, StartSending};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{StaffCaller, key_text, limit, newest_before, page};
use crate::engine::{App, sendings};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(reach))
        .routes(routes!(list, start))
        .routes(routes!(get))
        .routes(routes!(cancel))
}

/// Who would be reached, by the portal's list of now. Nothing is sent.
#[utoipa::path(post, path = "/api/v1/admin/portals/{id}/reach", tag = "portals", params(("id" = PortalId, Path)),
    request_body = AskReach, security(("bearer" = [])),
    responses((status = 200, description = "Who is reached", body = Reach)))]
async fn reach(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PortalId>,
    JsonBody(asked): JsonBody<AskReach>,
) -> Result<Json<Reach>, Failure> {
    caller.require(StaffAction::SendMessages)?;
    sendings::ask(&app, caller.operator, id, &asked.to).await.map(Json)
}

/// Sendings on a portal, the newest first.
#[utoipa::path(get, path = "/api/v1/admin/portals/{id}/sendings", tag = "portals",
    params(("id" = PortalId, Path), PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<Sending>)))]
async fn list(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PortalId>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<Sending>>, Failure> {
    caller.require(StaffAction::View)?;
    let (limit, before) = (limit(query.limit)?, newest_before(query.after.as_deref())?);
    let rows = sendings::list(&mut *app.reader().await?, caller.operator, id, before, limit).await?;
    Ok(Json(page(rows, limit, |row| key_text(&(row.created_at.0, row.sending_id)))))
}

/// Starts a sending, when it reaches as many now as were shown.
#[utoipa::path(post, path = "/api/v1/admin/portals/{id}/sendings", tag = "portals", params(("id" = PortalId, Path)),
    request_body = StartSending, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Sending)))]
async fn start(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PortalId>,
    JsonBody(asked): JsonBody<StartSending>,
) -> Result<Json<Sending>, Failure> {
    caller.require(StaffAction::SendMessages)?;
    sendings::start(&app, caller.operator, &caller.actor, id, &asked).await.map(Json)
}

/// One sending, with those that it has not served.
#[utoipa::path(get, path = "/api/v1/admin/sendings/{id}", tag = "portals", params(("id" = SendingId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The sending", body = Sending)))]
async fn get(State(app): State<App>, caller: StaffCaller, Id(id): Id<SendingId>) -> Result<Json<Sending>, Failure> {
    caller.require(StaffAction::View)?;
    sendings::get(&mut *app.reader().await?, caller.operator, id).await.map(Json)
}

/// Ends a sending where it is: what has not begun is never sent.
#[utoipa::path(post, path = "/api/v1/admin/sendings/{id}/cancel", tag = "portals", params(("id" = SendingId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Sending)))]
async fn cancel(State(app): State<App>, caller: StaffCaller, Id(id): Id<SendingId>) -> Result<Json<Sending>, Failure> {
    caller.require(StaffAction::SendMessages)?;
    sendings::cancel(&app, caller.operator, &caller.actor, id).await.map(Json)
}
