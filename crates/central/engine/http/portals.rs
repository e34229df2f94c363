//! Portals: how they are reached, what they can, and what became of the accounts on them.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString, TwoIds};
use counterfoil_domain::ids::{AccountId, PortalId};
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::portals::{
    Portal, PortalAccount, PortalAccountsQuery, PortalChoices, PortalStanding, Probed, Retried, RetryAccounts,
    SavePortal,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{StaffCaller, key_of, key_text, limit, page};
use crate::engine::{App, portals, provisioning};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, edit))
        .routes(routes!(probe))
        .routes(routes!(choices))
        .routes(routes!(accounts))
        .routes(routes!(standings))
        .routes(routes!(retry))
        .routes(routes!(adopt))
}

/// All portals, by name.
#[utoipa::path(get, path = "/api/v1/admin/portals", tag = "portals", security(("bearer" = [])),
    responses((status = 200, description = "The portals", body = Vec<Portal>)))]
async fn list(State(app): State<App>, caller: StaffCaller) -> Result<Json<Vec<Portal>>, Failure> {
    caller.require(StaffAction::View)?;
    portals::list(&app, caller.operator).await.map(Json)
}

/// Keeps a portal. Nothing is written to it before it was looked at.
#[utoipa::path(post, path = "/api/v1/admin/portals", tag = "portals", request_body = SavePortal,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Portal)))]
async fn create(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(portal): JsonBody<SavePortal>,
) -> Result<Json<Portal>, Failure> {
    caller.require(StaffAction::ManagePortals)?;
    portals::create(&app, caller.operator, &caller.actor, &portal).await.map(Json)
}

/// One portal.
#[utoipa::path(get, path = "/api/v1/admin/portals/{id}", tag = "portals", params(("id" = PortalId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The portal", body = Portal)))]
async fn get(State(app): State<App>, caller: StaffCaller, Id(id): Id<PortalId>) -> Result<Json<Portal>, Failure> {
    caller.require(StaffAction::View)?;
    portals::get(&mut *app.reader().await?, app.keys(), caller.operator, id).await.map(Json)
}

/// Edits a portal as it was read, pauses or archives it.
#[utoipa::path(put, path = "/api/v1/admin/portals/{id}", tag = "portals", params(("id" = PortalId, Path)),
    request_body = SavePortal, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Portal)))]
async fn edit(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PortalId>,
    JsonBody(portal): JsonBody<SavePortal>,
) -> Result<Json<Portal>, Failure> {
    caller.require(StaffAction::ManagePortals)?;
    portals::edit(&app, caller.operator, &caller.actor, id, &portal).await.map(Json)
}

/// Looks at a portal without writing to it, and keeps what was found or what stood in the way.
#[utoipa::path(post, path = "/api/v1/admin/portals/{id}/probe", tag = "portals", params(("id" = PortalId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "What came of it", body = Probed)))]
async fn probe(State(app): State<App>, caller: StaffCaller, Id(id): Id<PortalId>) -> Result<Json<Probed>, Failure> {
    caller.require(StaffAction::ManagePortals)?;
    portals::probe(&app, caller.operator, &caller.actor, id).await.map(Json)
}

/// Tariffs and resellers that the portal has, asked of it now.
#[utoipa::path(get, path = "/api/v1/admin/portals/{id}/choices", tag = "portals", params(("id" = PortalId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The choices", body = PortalChoices)))]
async fn choices(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PortalId>,
) -> Result<Json<PortalChoices>, Failure> {
    caller.require(StaffAction::ManagePortals)?;
    portals::choices(&app, caller.operator, id).await.map(Json)
}

/// Accounts on a portal, by user name.
#[utoipa::path(get, path = "/api/v1/admin/portals/{id}/accounts", tag = "portals",
    params(("id" = PortalId, Path), PortalAccountsQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<PortalAccount>)))]
async fn accounts(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PortalId>,
    QueryString(query): QueryString<PortalAccountsQuery>,
) -> Result<Json<Page<PortalAccount>>, Failure> {
    caller.require(StaffAction::View)?;
    let (limit, after) = (limit(query.limit)?, key_of(query.after.as_deref())?);
    let mut reader = app.reader().await?;
    let rows = provisioning::list(&mut reader, caller.operator, id, query.state, after, limit).await?;
    Ok(Json(page(rows, limit, |row| key_text(&(&row.username, row.account_id)))))
}

/// What accounts should be on a portal, by login, for a desktop that may have to look at the portal without Central. Only
/// accounts that are known to be there.
#[utoipa::path(get, path = "/api/v1/admin/portals/{id}/standings", tag = "portals",
    params(("id" = PortalId, Path), PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<PortalStanding>)))]
async fn standings(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PortalId>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<PortalStanding>>, Failure> {
    caller.require(StaffAction::RepairAccounts)?;
    let (limit, after) = (limit(query.limit)?, key_of(query.after.as_deref())?);
    let rows = provisioning::carried(&app, caller.operator, id, after, limit).await?;
    Ok(Json(page(rows, limit, |row| key_text(&(&row.login, row.account_id)))))
}

/// Tries again what waits for a person.
#[utoipa::path(post, path = "/api/v1/admin/portals/{id}/accounts/retry", tag = "portals",
    params(("id" = PortalId, Path)), request_body = RetryAccounts, security(("bearer" = [])),
    responses((status = 200, description = "How many", body = Retried)))]
async fn retry(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<PortalId>,
    JsonBody(which): JsonBody<RetryAccounts>,
) -> Result<Json<Retried>, Failure> {
    caller.require(StaffAction::RepairAccounts)?;
    provisioning::retry(&app, caller.operator, &caller.actor, id, &which.which).await.map(Json)
}

/// Takes the portal's account of this login for the customer's.
#[utoipa::path(post, path = "/api/v1/admin/portals/{id}/accounts/{account_id}/adopt", tag = "portals",
    params(("id" = PortalId, Path), ("account_id" = AccountId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = PortalAccount)))]
async fn adopt(
    State(app): State<App>,
    caller: StaffCaller,
    TwoIds(id, account): TwoIds<PortalId, AccountId>,
) -> Result<Json<PortalAccount>, Failure> {
    caller.require(StaffAction::RepairAccounts)?;
    provisioning::adopt(&app, caller.operator, &caller.actor, id, account).await.map(Json)
}
