//! API keys: an owner makes and revokes those of its reseller, staff see and revoke each.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString, TwoIds};
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::{ApiKeyId, ResellerId};
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::api_keys::{ApiKey, CreateApiKey, MadeApiKey};
use counterfoil_wire::page::{Page, PageQuery};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller, key_text, limit, newest_before, page};
use crate::engine::api_keys::{self, Maker, Viewer};
use crate::engine::{App, resellers};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(revoke))
        .routes(routes!(admin_list))
        .routes(routes!(admin_revoke))
}

async fn list_of(
    app: &App,
    reseller: ResellerId,
    viewer: Viewer,
    query: &PageQuery,
) -> Result<Json<Page<ApiKey>>, Failure> {
    let (limit, before) = (limit(query.limit)?, newest_before(query.after.as_deref())?);
    let rows = api_keys::list(&mut *app.reader().await?, reseller, viewer, before, limit).await?;
    Ok(Json(page(rows, limit, |key| key_text(&(key.made_at, key.key_id)))))
}

/// The API keys of the caller's reseller, those that are revoked as well, the newest first.
#[utoipa::path(get, path = "/api/v1/reseller/api-keys", tag = "api keys", params(PageQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<ApiKey>)))]
async fn list(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<ApiKey>>, Failure> {
    caller.require(MemberAction::ManageApiKeys)?;
    list_of(&app, caller.reseller, Viewer::Reseller, &query).await
}

/// Makes an API key. Its secret is in this answer and nowhere else, so a repeat under the same id is refused. Needs the
/// grant `api_access`.
#[utoipa::path(post, path = "/api/v1/reseller/api-keys", tag = "api keys", request_body = CreateApiKey,
    security(("bearer" = [])), responses((status = 200, description = "The key, with its secret", body = MadeApiKey)))]
async fn create(
    State(app): State<App>,
    caller: MemberCaller,
    JsonBody(asked): JsonBody<CreateApiKey>,
) -> Result<Json<MadeApiKey>, Failure> {
    caller.require_granted(&app, MemberAction::ManageApiKeys, Grant::ApiAccess).await?;
    let (operator, reseller, member) = (caller.operator, caller.reseller, caller.person()?);
    let maker = Maker { operator, reseller, member, actor: &caller.actor };
    api_keys::create(&app, &maker, &asked).await.map(Json)
}

/// Revokes an API key: it is refused from now on, and stays in the list.
#[utoipa::path(delete, path = "/api/v1/reseller/api-keys/{id}", tag = "api keys", params(("id" = ApiKeyId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = ApiKey)))]
async fn revoke(State(app): State<App>, caller: MemberCaller, Id(id): Id<ApiKeyId>) -> Result<Json<ApiKey>, Failure> {
    caller.require(MemberAction::ManageApiKeys)?;
    let viewer = Viewer::Reseller;
    api_keys::revoke(&app, caller.operator, &caller.actor, viewer, caller.reseller, id).await.map(Json)
}

/// The API keys of a reseller, those that are revoked as well, the newest first.
#[utoipa::path(get, path = "/api/v1/admin/resellers/{id}/api-keys", tag = "api keys",
    params(("id" = ResellerId, Path), PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<ApiKey>)))]
async fn admin_list(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<ApiKey>>, Failure> {
    caller.require(StaffAction::View)?;
    resellers::path(&mut *app.reader().await?, caller.operator, &caller.scope, id).await?;
    list_of(&app, id, Viewer::Staff, &query).await
}

/// Revokes an API key of a reseller: it is refused from now on, and stays in the list.
#[utoipa::path(delete, path = "/api/v1/admin/resellers/{id}/api-keys/{key_id}", tag = "api keys",
    params(("id" = ResellerId, Path), ("key_id" = ApiKeyId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = ApiKey)))]
async fn admin_revoke(
    State(app): State<App>,
    caller: StaffCaller,
    TwoIds(id, key): TwoIds<ResellerId, ApiKeyId>,
) -> Result<Json<ApiKey>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    resellers::path(&mut *app.reader().await?, caller.operator, &caller.scope, id).await?;
    api_keys::revoke(&app, caller.operator, &caller.actor, Viewer::Staff, id, key).await.map(Json)
}
