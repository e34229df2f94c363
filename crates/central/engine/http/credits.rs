//! Wallets: staff move credits, a reseller reads its statement and funds those below it.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::credits::{
    CreditsQuery, EntryView, FundSubReseller, Funded, LowCredit, LowCreditDefaults, MoveCredits, Moved, SetLowCredit,
    Statement,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller, key_text, limit, newest_before};
use crate::engine::credits::Lines;
use crate::engine::{App, credits};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(admin_statement, admin_move))
        .routes(routes!(admin_low))
        .routes(routes!(defaults, set_defaults))
        .routes(routes!(own_statement))
        .routes(routes!(own_low))
        .routes(routes!(fund))
}

fn lines(query: &CreditsQuery) -> Result<Lines, Failure> {
    let after = query.after.as_deref();
    if query.kind.is_none() && query.from.is_none() && query.until.is_none() {
        let before = after.map(str::parse).transpose().map_err(|_| {
            Failure::validation(vec![field("after", "not a `next` of this list: start again without it")])
        })?;
        return Ok(Lines::All { before: before.unwrap_or(i64::MAX) });
    }
    Ok(Lines::Some {
        kind: query.kind,
        from: query.from.unwrap_or(Timestamp(i64::MIN)),
        until: query.until.unwrap_or(Timestamp(i64::MAX)),
        before: newest_before(after)?,
    })
}

fn key(lines: Lines, last: &EntryView) -> String {
    match lines {
        Lines::All { .. } => last.seq.to_string(),
        Lines::Some { .. } => key_text(&(last.at.0, last.transfer_id)),
    }
}

async fn statement(
    app: &App,
    operator: OperatorId,
    scope: &Scope,
    reseller: ResellerId,
    query: &CreditsQuery,
) -> Result<Json<Statement>, Failure> {
    let (limit, lines) = (limit(query.limit)?, lines(query)?);
    // One moment, so that the equation and the entries belong together.
    let mut snapshot = app.snapshot().await?;
    let mut statement = credits::statement(&mut snapshot, operator, scope, reseller, lines, limit).await?;
    let page = super::page(std::mem::take(&mut statement.entries), limit, |last| key(lines, last));
    Ok(Json(Statement { entries: page.items, next: page.next, ..statement }))
}

/// A reseller's books and a page of its wallet, newest first.
#[utoipa::path(get, path = "/api/v1/admin/resellers/{id}/credits", tag = "credits",
    params(("id" = ResellerId, Path), CreditsQuery), security(("bearer" = [])),
    responses((status = 200, description = "The statement", body = Statement)))]
async fn admin_statement(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
    QueryString(query): QueryString<CreditsQuery>,
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

/// Sets when a reseller's wallet is low.
#[utoipa::path(put, path = "/api/v1/admin/resellers/{id}/low-credit", tag = "credits",
    params(("id" = ResellerId, Path)), request_body = SetLowCredit, security(("bearer" = [])),
    responses((status = 200, description = "As it is now", body = LowCredit)))]
async fn admin_low(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<ResellerId>,
    JsonBody(asked): JsonBody<SetLowCredit>,
) -> Result<Json<LowCredit>, Failure> {
    caller.require(StaffAction::MoveCredits)?;
    credits::set_low_credit(&app, caller.operator, &caller.actor, &caller.scope, id, &asked).await.map(Json)
}

/// When wallets are low for whom nothing else is set.
#[utoipa::path(get, path = "/api/v1/admin/low-credit", tag = "credits", security(("bearer" = [])),
    responses((status = 200, description = "In credits and in money", body = LowCreditDefaults)))]
async fn defaults(State(app): State<App>, caller: StaffCaller) -> Result<Json<LowCreditDefaults>, Failure> {
    caller.require(StaffAction::View)?;
    credits::defaults(&mut *app.reader().await?, caller.operator).await.map(Json)
}

/// Sets when wallets are low for whom nothing else is set.
#[utoipa::path(put, path = "/api/v1/admin/low-credit", tag = "credits", request_body = LowCreditDefaults,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = LowCreditDefaults)))]
async fn set_defaults(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(asked): JsonBody<LowCreditDefaults>,
) -> Result<Json<LowCreditDefaults>, Failure> {
    caller.require(StaffAction::MoveCredits)?;
    credits::set_defaults(&app, caller.operator, &caller.actor, &asked).await.map(Json)
}

/// The caller's books and a page of its wallet, newest first.
#[utoipa::path(get, path = "/api/v1/reseller/credits", tag = "credits", params(CreditsQuery),
    security(("bearer" = [])), responses((status = 200, description = "The statement", body = Statement)))]
async fn own_statement(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<CreditsQuery>,
) -> Result<Json<Statement>, Failure> {
    caller.require(MemberAction::ViewCredit)?;
    statement(&app, caller.operator, &caller.scope, caller.reseller, &query).await
}

/// Sets when the caller's wallet is low.
#[utoipa::path(put, path = "/api/v1/reseller/low-credit", tag = "credits", request_body = SetLowCredit,
    security(("bearer" = [])), responses((status = 200, description = "As it is now", body = LowCredit)))]
async fn own_low(
    State(app): State<App>,
    caller: MemberCaller,
    JsonBody(asked): JsonBody<SetLowCredit>,
) -> Result<Json<LowCredit>, Failure> {
    caller.require(MemberAction::SetLowCredit)?;
    credits::set_low_credit(&app, caller.operator, &caller.actor, &caller.scope, caller.reseller, &asked)
        .await
        .map(Json)
}

/// Gives credit out of the caller's wallet to a reseller below, or takes back what is unspent of it. A repeat under the
/// same id is answered, not booked again.
#[utoipa::path(post, path = "/api/v1/reseller/sub-resellers/{id}/credits", tag = "credits",
    params(("id" = ResellerId, Path)), request_body = FundSubReseller, security(("bearer" = [])),
    responses((status = 200, description = "Booked", body = Funded)))]
async fn fund(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<ResellerId>,
    JsonBody(asked): JsonBody<FundSubReseller>,
) -> Result<Json<Funded>, Failure> {
    caller.require(MemberAction::FundSubResellers)?;
    credits::fund(&app, caller.operator, &caller.actor, (&caller.scope, caller.reseller), id, &asked).await.map(Json)
}
