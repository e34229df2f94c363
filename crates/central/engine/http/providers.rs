//! External providers and what they offer: staff keep them.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString, TwoIds};
use counterfoil_domain::ids::{OfferingId, ProviderId};
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::providers::{
    ImportOfferings, ImportedOfferings, Offering, OfferingsQuery, Provider, SaveOffering, SaveProvider,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{StaffCaller, key_of, key_text, limit, page};
use crate::engine::{App, providers};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, edit))
        .routes(routes!(offerings, create_offering))
        .routes(routes!(import))
        .routes(routes!(edit_offering))
}

/// External providers, by name.
#[utoipa::path(get, path = "/api/v1/admin/providers", tag = "providers", params(PageQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<Provider>)))]
async fn list(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<Provider>>, Failure> {
    caller.require(StaffAction::View)?;
    let (limit, after) = (limit(query.limit)?, key_of(query.after.as_deref())?);
    let search = query.search.as_deref().unwrap_or_default();
    let rows = providers::list(&mut *app.reader().await?, caller.operator, search, after, limit).await?;
    Ok(Json(page(rows, limit, |row| key_text(&(providers::name_key(&row.name), row.provider_id)))))
}

/// Creates a provider.
#[utoipa::path(post, path = "/api/v1/admin/providers", tag = "providers", request_body = SaveProvider,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Provider)))]
async fn create(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<SaveProvider>,
) -> Result<Json<Provider>, Failure> {
    caller.require(StaffAction::ManageProviders)?;
    providers::create(&app, caller.operator, &caller.actor, &asked).await.map(Json)
}

/// One provider.
#[utoipa::path(get, path = "/api/v1/admin/providers/{id}", tag = "providers", params(("id" = ProviderId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The provider", body = Provider)))]
async fn get(State(app): State<App>, caller: StaffCaller, Id(id): Id<ProviderId>) -> Result<Json<Provider>, Failure> {
    caller.require(StaffAction::View)?;
    providers::get(&mut *app.reader().await?, caller.operator, id).await.map(Json)
}

/// Edits a provider as it was read, or suspends it: then nothing new of it is sold.
#[utoipa::path(put, path = "/api/v1/admin/providers/{id}", tag = "providers", params(("id" = ProviderId, Path)),
    request_body = SaveProvider, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Provider)))]
async fn edit(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ProviderId>,
    JsonBody(asked): JsonBody<SaveProvider>,
) -> Result<Json<Provider>, Failure> {
    caller.require(StaffAction::ManageProviders)?;
    providers::edit(&app, caller.operator, &caller.actor, id, &asked).await.map(Json)
}

/// What a provider offers, by name.
#[utoipa::path(get, path = "/api/v1/admin/providers/{id}/offerings", tag = "providers",
    params(("id" = ProviderId, Path), OfferingsQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<Offering>)))]
async fn offerings(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ProviderId>,
    QueryString(query): QueryString<OfferingsQuery>,
) -> Result<Json<Page<Offering>>, Failure> {
    caller.require(StaffAction::View)?;
    let (limit, after) = (limit(query.limit)?, key_of(query.after.as_deref())?);
    let mut reader = app.reader().await?;
    providers::get(&mut reader, caller.operator, id).await?;
    let rows = providers::offerings(&mut reader, caller.operator, id, &query, after, limit).await?;
    Ok(Json(offerings_page(rows, limit)))
}

pub(super) fn offerings_page(rows: Vec<Offering>, limit: i64) -> Page<Offering> {
    page(rows, limit, |row| key_text(&(providers::name_key(&row.name), row.offering_id)))
}

/// Creates an offering.
#[utoipa::path(post, path = "/api/v1/admin/providers/{id}/offerings", tag = "providers",
    params(("id" = ProviderId, Path)), request_body = SaveOffering, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Offering)))]
async fn create_offering(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ProviderId>,
    JsonBody(asked): JsonBody<SaveOffering>,
) -> Result<Json<Offering>, Failure> {
    caller.require(StaffAction::ManageProviders)?;
    providers::create_offering(&app, caller.operator, &caller.actor, id, &asked).await.map(Json)
}

/// A part of a file of offerings: made or changed by article, all of its lines or none. Or, as a dry run, only told.
#[utoipa::path(post, path = "/api/v1/admin/providers/{id}/offerings/import", tag = "providers",
    params(("id" = ProviderId, Path)), request_body = ImportOfferings, security(("bearer" = [])),
    responses((status = 200, description = "What became of the lines, or would", body = ImportedOfferings)))]
async fn import(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ProviderId>,
    JsonBody(asked): JsonBody<ImportOfferings>,
) -> Result<Json<ImportedOfferings>, Failure> {
    caller.require(StaffAction::ManageProviders)?;
    providers::import(&app, caller.operator, &caller.actor, id, &asked).await.map(Json)
}

/// Edits an offering as it was read, or withdraws it: then it is not sold any more.
#[utoipa::path(put, path = "/api/v1/admin/providers/{id}/offerings/{offering_id}", tag = "providers",
    params(("id" = ProviderId, Path), ("offering_id" = OfferingId, Path)), request_body = SaveOffering,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Offering)))]
async fn edit_offering(
    State(app): State<App>,
    caller: StaffCaller,
    TwoIds(id, offering): TwoIds<ProviderId, OfferingId>,
    JsonBody(asked): JsonBody<SaveOffering>,
) -> Result<Json<Offering>, Failure> {
    caller.require(StaffAction::ManageProviders)?;
    providers::edit_offering(&app, caller.operator, &caller.actor, (id, offering), &asked).await.map(Json)
}
