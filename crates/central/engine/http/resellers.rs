//! Resellers: staff create and edit them, a reseller sees itself and those below it.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::resellers::{Reseller, SaveReseller, SaveSubReseller};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller, key_of, key_text, limit, page};
use crate::engine::{App, resellers};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(admin_list, admin_create))
        .routes(routes!(admin_get, admin_edit))
        .routes(routes!(sub_resellers, create_below))
        .routes(routes!(edit_below))
        .routes(routes!(profile))
}

async fn list(
    app: &App,
    operator: OperatorId,
    scope: &Scope,
    query: &PageQuery,
    only_below: bool,
) -> Result<Json<Page<Reseller>>, Failure> {
    let (limit, after) = (limit(query.limit)?, key_of(query.after.as_deref())?);
    let filter = resellers::Filter { search: query.search.as_deref().unwrap_or_default(), only_below };
    let rows = resellers::list(&mut *app.reader().await?, operator, scope, &filter, after, limit).await?;
    Ok(Json(page(rows, limit, |reseller| key_text(&(&reseller.company, reseller.reseller_id)))))
}

/// All resellers, by company.
#[utoipa::path(get, path = "/api/v1/admin/resellers", tag = "resellers", params(PageQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<Reseller>)))]
async fn admin_list(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<Reseller>>, Failure> {
    caller.require(StaffAction::View)?;
    list(&app, caller.operator, &caller.scope, &query, false).await
}

/// Creates a reseller, its owner and its books.
#[utoipa::path(post, path = "/api/v1/admin/resellers", tag = "resellers", request_body = SaveReseller,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Reseller)))]
async fn admin_create(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(reseller): JsonBody<SaveReseller>,
) -> Result<Json<Reseller>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    resellers::create(&app, caller.operator, &caller.actor, reseller).await.map(Json)
}

/// One reseller.
#[utoipa::path(get, path = "/api/v1/admin/resellers/{id}", tag = "resellers", params(("id" = ResellerId, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The reseller", body = Reseller)))]
async fn admin_get(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
) -> Result<Json<Reseller>, Failure> {
    caller.require(StaffAction::View)?;
    resellers::get(&mut *app.reader().await?, caller.operator, &caller.scope, id).await.map(Json)
}

/// Edits a reseller as it was read.
#[utoipa::path(put, path = "/api/v1/admin/resellers/{id}", tag = "resellers", params(("id" = ResellerId, Path)),
    request_body = SaveReseller, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Reseller)))]
async fn admin_edit(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
    JsonBody(reseller): JsonBody<SaveReseller>,
) -> Result<Json<Reseller>, Failure> {
    caller.require(StaffAction::ManageResellers)?;
    resellers::edit(&app, caller.operator, &caller.scope, &caller.actor, id, reseller).await.map(Json)
}

/// The resellers below the caller's, by company.
#[utoipa::path(get, path = "/api/v1/reseller/sub-resellers", tag = "resellers", params(PageQuery),
    security(("bearer" = [])), responses((status = 200, description = "A page", body = Page<Reseller>)))]
async fn sub_resellers(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<Reseller>>, Failure> {
    caller.require(MemberAction::ManageSubResellers)?;
    list(&app, caller.operator, &caller.scope, &query, true).await
}

/// Creates a reseller directly below the caller's, its owner and its books.
#[utoipa::path(post, path = "/api/v1/reseller/sub-resellers", tag = "resellers", request_body = SaveSubReseller,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = Reseller)))]
async fn create_below(
    State(app): State<App>,
    caller: MemberCaller,
    JsonBody(reseller): JsonBody<SaveSubReseller>,
) -> Result<Json<Reseller>, Failure> {
    caller.require(MemberAction::ManageSubResellers)?;
    resellers::create_below(&app, caller.operator, &caller.scope, &caller.actor, caller.reseller, reseller)
        .await
        .map(Json)
}

/// Edits a reseller directly below the caller's as it was read.
#[utoipa::path(put, path = "/api/v1/reseller/sub-resellers/{id}", tag = "resellers",
    params(("id" = ResellerId, Path)), request_body = SaveSubReseller, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = Reseller)))]
async fn edit_below(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<ResellerId>,
    JsonBody(reseller): JsonBody<SaveSubReseller>,
) -> Result<Json<Reseller>, Failure> {
    caller.require(MemberAction::ManageSubResellers)?;
    resellers::edit_below(&app, caller.operator, &caller.scope, &caller.actor, (caller.reseller, id), reseller)
        .await
        .map(Json)
}

/// The caller's reseller.
#[utoipa::path(get, path = "/api/v1/reseller/profile", tag = "resellers", security(("bearer" = [])),
    responses((status = 200, description = "The reseller", body = Reseller)))]
async fn profile(State(app): State<App>, caller: MemberCaller) -> Result<Json<Reseller>, Failure> {
    resellers::get(&mut *app.reader().await?, caller.operator, &caller.scope, caller.reseller).await.map(Json)
}
