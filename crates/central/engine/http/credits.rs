//! Wallets: staff move credits, a reseller reads its statement.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::credits::{MoveCredits, Moved, Statement};
use counterfoil_wire::page::PageQuery;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller, limit};
use crate::engine::{App, credits};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(admin_statement, admin_move)).routes(routes!(own_statement))
}

async fn statement(
    app: &App,
    operator: OperatorId,
    scope: &Scope,
    reseller: ResellerId,
    query: &PageQuery,
) -> Result<Json<Statement>, Failure> {
    let limit = limit(query.limit)?;
    let before =
        query.after.as_deref().map(str::parse).transpose().map_err(|_| {
            Failure::validation(vec![field("after", "not a `next` of this list: start again without it")])
        })?;
    if query.search.is_some() {
        return Err(Failure::validation(vec![field("search", "a statement cannot be searched")]));
    }
    // One moment, so that the equation and the entries belong together.
    let mut snapshot = app.snapshot().await?;
    credits::statement(&mut snapshot, operator, scope, reseller, before, limit).await.map(Json)
}

/// A reseller's books and a page of its wallet, newest first.
#[utoipa::path(get, path = "/api/v1/admin/resellers/{id}/credits", tag = "credits",
    params(("id" = ResellerId, Path), PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "The statement", body = Statement)))]
async fn admin_statement(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Statement>, Failure> {
    caller.require(StaffAction::View)?;
    statement(&app, caller.operator, &caller.scope, id, &query).await
}

/// Moves credits into or out of a reseller's wallet. A repeat under the same id is answered, not booked again.
#[utoipa::path(post, path = "/api/v1/admin/resellers/{id}/credits", tag = "credits",
    params(("id" = ResellerId, Path)), request_body = MoveCredits, security(("bearer" = [])),
    responses((status = 200, description = "Booked", body = Moved)))]
async fn admin_move(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
    JsonBody(movement): JsonBody<MoveCredits>,
) -> Result<Json<Moved>, Failure> {
    caller.require(StaffAction::MoveCredits)?;
    credits::move_credits(&app, caller.operator, &caller.actor, id, &movement).await.map(Json)
}

/// The caller's books and a page of its wallet, newest first.
#[utoipa::path(get, path = "/api/v1/reseller/credits", tag = "credits", params(PageQuery),
    security(("bearer" = [])), responses((status = 200, description = "The statement", body = Statement)))]
async fn own_statement(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Statement>, Failure> {
    caller.require(MemberAction::ViewCredit)?;
    statement(&app, caller.operator, &caller.scope, caller.reseller, &query).await
}
