//! What is owed to external providers and what they were paid, for staff.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::ids::ProviderId;
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::settlements::{ProviderAccounts, ProviderStatement, SettleProvider, Settlement, StatementQuery};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::StaffCaller;
use crate::engine::{App, settlements};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(accounts)).routes(routes!(statement)).routes(routes!(list, settle))
}

/// What is owed to a provider and earned with it, through each reseller.
#[utoipa::path(get, path = "/api/v1/admin/providers/{id}/accounts", tag = "providers",
    params(("id" = ProviderId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "By company", body = ProviderAccounts)))]
async fn accounts(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ProviderId>,
) -> Result<Json<ProviderAccounts>, Failure> {
    caller.require(StaffAction::View)?;
    settlements::accounts(&app, caller.operator, id).await.map(Json)
}

/// What was sold, refunded and settled between two days, and what is owed before and after.
#[utoipa::path(get, path = "/api/v1/admin/providers/{id}/statement", tag = "providers",
    params(("id" = ProviderId, Path), StatementQuery), security(("bearer" = [])),
    responses((status = 200, description = "The sums, and a page of the movements", body = ProviderStatement)))]
async fn statement(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ProviderId>,
    QueryString(query): QueryString<StatementQuery>,
) -> Result<Json<ProviderStatement>, Failure> {
    caller.require(StaffAction::View)?;
    settlements::statement(&app, caller.operator, id, &query).await.map(Json)
}

/// What a provider was paid, the latest first.
#[utoipa::path(get, path = "/api/v1/admin/providers/{id}/settlements", tag = "providers",
    params(("id" = ProviderId, Path), PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "A page", body = Page<Settlement>)))]
async fn list(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ProviderId>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<Settlement>>, Failure> {
    caller.require(StaffAction::View)?;
    settlements::list(&app, caller.operator, id, &query).await.map(Json)
}

/// Records that a provider was paid all that is owed. A repeat under the same id is answered and books nothing.
#[utoipa::path(post, path = "/api/v1/admin/providers/{id}/settlements", tag = "providers",
    params(("id" = ProviderId, Path)), request_body = SettleProvider, security(("bearer" = [])),
    responses((status = 200, description = "As it was recorded", body = Settlement)))]
async fn settle(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ProviderId>,
    JsonBody(asked): JsonBody<SettleProvider>,
) -> Result<Json<Settlement>, Failure> {
    caller.require(StaffAction::SettleProviders)?;
    settlements::settle(&app, caller.operator, (caller.id, &caller.actor), id, &asked).await.map(Json)
}
