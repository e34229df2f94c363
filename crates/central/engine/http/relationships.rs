//! Which external providers a reseller sells, and at which markup: for its members.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::ids::ProviderId;
use counterfoil_domain::permission::MemberAction;
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::providers::{Offering, OfferingsQuery};
use counterfoil_wire::relationships::{ExternalProvider, OpenRelationship, Relationship, SaveRelationship};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::providers::offerings_page;
use super::{MemberCaller, key_of, key_text, limit, page};
use crate::engine::{App, relationships};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(external))
        .routes(routes!(offerings))
        .routes(routes!(list, open))
        .routes(routes!(get, save, end))
}

/// Providers that the reseller sells, once sold or may sell, by name.
#[utoipa::path(get, path = "/api/v1/reseller/external-providers", tag = "providers", params(PageQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<ExternalProvider>)))]
async fn external(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<ExternalProvider>>, Failure> {
    caller.require(MemberAction::HandleOrders)?;
    let (limit, after) = (limit(query.limit)?, key_of(query.after.as_deref())?);
    let search = query.search.as_deref().unwrap_or_default();
    let mut reader = app.reader().await?;
    let rows = relationships::external(&mut reader, caller.operator, caller.reseller, search, after, limit).await?;
    Ok(Json(page(rows, limit, |row| key_text(&relationships::key(&row.name, row.provider_id)))))
}

/// What a provider offers, by name, at its own prices: on sale, unless asked for others.
#[utoipa::path(get, path = "/api/v1/reseller/external-providers/{provider_id}/offerings", tag = "providers",
    params(("provider_id" = ProviderId, Path), OfferingsQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<Offering>)))]
async fn offerings(
    State(app): State<App>,
    caller: MemberCaller,
    Id(provider): Id<ProviderId>,
    QueryString(query): QueryString<OfferingsQuery>,
) -> Result<Json<Page<Offering>>, Failure> {
    caller.require(MemberAction::HandleOrders)?;
    let (limit, after) = (limit(query.limit)?, key_of(query.after.as_deref())?);
    let whose = (caller.operator, caller.reseller);
    let rows = relationships::offerings(&mut *app.reader().await?, whose, provider, &query, after, limit).await?;
    Ok(Json(offerings_page(rows, limit)))
}

/// The reseller's relationships, ended ones too, by the provider's name.
#[utoipa::path(get, path = "/api/v1/reseller/relationships", tag = "providers", params(PageQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<Relationship>)))]
async fn list(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<Relationship>>, Failure> {
    caller.require(MemberAction::HandleOrders)?;
    let (limit, after) = (limit(query.limit)?, key_of(query.after.as_deref())?);
    let search = query.search.as_deref().unwrap_or_default();
    let rows = relationships::list(&mut *app.reader().await?, caller.reseller, search, after, limit).await?;
    Ok(Json(page(rows, limit, |row| key_text(&relationships::key(&row.provider_name, row.provider_id)))))
}

/// Opens a relationship, or one again that was ended.
#[utoipa::path(post, path = "/api/v1/reseller/relationships", tag = "providers", request_body = OpenRelationship,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Relationship)))]
async fn open(
    State(app): State<App>,
    caller: MemberCaller,
    JsonBody(asked): JsonBody<OpenRelationship>,
) -> Result<Json<Relationship>, Failure> {
    caller.require(MemberAction::ManageRelationships)?;
    relationships::open(&app, caller.operator, &caller.actor, caller.reseller, &asked).await.map(Json)
}

/// The relationship with a provider.
#[utoipa::path(get, path = "/api/v1/reseller/relationships/{provider_id}", tag = "providers",
    params(("provider_id" = ProviderId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The relationship", body = Relationship)))]
async fn get(
    State(app): State<App>,
    caller: MemberCaller,
    Id(provider): Id<ProviderId>,
) -> Result<Json<Relationship>, Failure> {
    caller.require(MemberAction::HandleOrders)?;
    relationships::get(&mut *app.reader().await?, caller.reseller, provider).await.map(Json)
}

/// Changes markup and status as they were read. Orders that were placed keep their price.
#[utoipa::path(put, path = "/api/v1/reseller/relationships/{provider_id}", tag = "providers",
    params(("provider_id" = ProviderId, Path)), request_body = SaveRelationship, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Relationship)))]
async fn save(
    State(app): State<App>,
    caller: MemberCaller,
    Id(provider): Id<ProviderId>,
    JsonBody(asked): JsonBody<SaveRelationship>,
) -> Result<Json<Relationship>, Failure> {
    caller.require(MemberAction::ManageRelationships)?;
    let whose = (caller.reseller, provider);
    relationships::save(&app, caller.operator, &caller.actor, whose, &asked).await.map(Json)
}

/// Ends the relationship: nothing new is sold, and its orders are worked to their end.
#[utoipa::path(delete, path = "/api/v1/reseller/relationships/{provider_id}", tag = "providers",
    params(("provider_id" = ProviderId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Relationship)))]
async fn end(
    State(app): State<App>,
    caller: MemberCaller,
    Id(provider): Id<ProviderId>,
) -> Result<Json<Relationship>, Failure> {
    caller.require(MemberAction::ManageRelationships)?;
    relationships::end(&app, caller.operator, &caller.actor, (caller.reseller, provider)).await.map(Json)
}
