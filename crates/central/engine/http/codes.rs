//! Codes, as staff and resellers see, make and change them.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{CodeId, ResellerId};
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::codes::{AdminCreateCode, CodeReason, CodeRow, CodeStats, CodesQuery, CreateCode, CreatedCode};
use counterfoil_wire::page::Page;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller};
use crate::engine::code::Change;
use crate::engine::lot::NewLot;
use crate::engine::{App, code, lot, resellers};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(admin_list, admin_create))
        .routes(routes!(stats))
        .routes(routes!(void))
        .routes(routes!(revoke))
        .routes(routes!(hold))
        .routes(routes!(approve))
        .routes(routes!(reseller_list, reseller_create))
}

/// Codes of the operator, the newest first.
#[utoipa::path(get, path = "/api/v1/admin/codes", tag = "codes", operation_id = "admin_codes",
    security(("bearer" = [])), params(CodesQuery),
    responses((status = 200, description = "A page of codes", body = Page<CodeRow>)))]
async fn admin_list(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<CodesQuery>,
) -> Result<Json<Page<CodeRow>>, Failure> {
    caller.require(StaffAction::View)?;
    code::list(&app, caller.operator, &caller.scope, &query).await.map(Json)
}

/// Makes one code for a reseller.
#[utoipa::path(post, path = "/api/v1/admin/codes", tag = "codes", operation_id = "admin_create_code",
    security(("bearer" = [])), request_body = AdminCreateCode,
    responses((status = 200, description = "Made, now or before under this id", body = CreatedCode)))]
async fn admin_create(
    State(app): State<App>,
    caller: StaffCaller,
    JsonBody(request): JsonBody<AdminCreateCode>,
) -> Result<Json<CreatedCode>, Failure> {
    caller.require(StaffAction::ManageCodes)?;
    resellers::get(&mut *app.reader().await?, caller.operator, &caller.scope, request.reseller_id).await?;
    let new = NewLot {
        id: mint(app.now()),
        reseller: request.reseller_id,
        plan: request.plan_id,
        codes: &[request.code_id],
        customer_email: email(request.customer_email.as_deref())?,
        made_by: caller.id.0,
    };
    lot::create_one(&app, caller.operator, &caller.actor, &new).await.map(Json)
}

/// How many codes are in each state.
#[utoipa::path(get, path = "/api/v1/admin/codes/stats", tag = "codes", operation_id = "code_stats",
    security(("bearer" = [])), responses((status = 200, description = "Counts by state", body = CodeStats)))]
async fn stats(State(app): State<App>, caller: StaffCaller) -> Result<Json<CodeStats>, Failure> {
    caller.require(StaffAction::View)?;
    code::stats(&mut *app.reader().await?, caller.operator).await.map(Json)
}

/// Cancels an unused code; what it cost goes back to the wallet.
#[utoipa::path(post, path = "/api/v1/admin/codes/{id}/void", tag = "codes", operation_id = "void_code",
    security(("bearer" = [])), params(("id" = CodeId, Path)), request_body = CodeReason,
    responses((status = 200, description = "Voided", body = CodeRow)))]
async fn void(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<CodeId>,
    JsonBody(request): JsonBody<CodeReason>,
) -> Result<Json<CodeRow>, Failure> {
    change(&app, &caller, id, Change::Void, &request).await
}

/// Withdraws an unused code; nothing is given back.
#[utoipa::path(post, path = "/api/v1/admin/codes/{id}/revoke", tag = "codes", operation_id = "revoke_code",
    security(("bearer" = [])), params(("id" = CodeId, Path)), request_body = CodeReason,
    responses((status = 200, description = "Revoked, now or before", body = CodeRow)))]
async fn revoke(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<CodeId>,
    JsonBody(request): JsonBody<CodeReason>,
) -> Result<Json<CodeRow>, Failure> {
    change(&app, &caller, id, Change::Revoke, &request).await
}

/// Holds a sold code until it is approved.
#[utoipa::path(post, path = "/api/v1/admin/codes/{id}/hold", tag = "codes", operation_id = "hold_code",
    security(("bearer" = [])), params(("id" = CodeId, Path)), request_body = CodeReason,
    responses((status = 200, description = "Held, now or before", body = CodeRow)))]
async fn hold(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<CodeId>,
    JsonBody(request): JsonBody<CodeReason>,
) -> Result<Json<CodeRow>, Failure> {
    change(&app, &caller, id, Change::Hold, &request).await
}

/// Lets a held code pass.
#[utoipa::path(post, path = "/api/v1/admin/codes/{id}/approve", tag = "codes", operation_id = "approve_code",
    security(("bearer" = [])), params(("id" = CodeId, Path)), request_body = CodeReason,
    responses((status = 200, description = "Approved", body = CodeRow)))]
async fn approve(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<CodeId>,
    JsonBody(request): JsonBody<CodeReason>,
) -> Result<Json<CodeRow>, Failure> {
    change(&app, &caller, id, Change::Approve, &request).await
}

async fn change(
    app: &App,
    caller: &StaffCaller,
    id: CodeId,
    change: Change,
    request: &CodeReason,
) -> Result<Json<CodeRow>, Failure> {
    caller.require(StaffAction::ManageCodes)?;
    code::change(app, caller.operator, &caller.actor, id, change, request).await.map(Json)
}

/// Codes of the caller's reseller and those below it, the newest first.
#[utoipa::path(get, path = "/api/v1/reseller/codes", tag = "codes", operation_id = "reseller_codes",
    security(("bearer" = [])), params(CodesQuery),
    responses((status = 200, description = "A page of codes", body = Page<CodeRow>)))]
async fn reseller_list(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<CodesQuery>,
) -> Result<Json<Page<CodeRow>>, Failure> {
    caller.require(MemberAction::Sell)?;
    code::list(&app, caller.operator, &caller.scope, &query).await.map(Json)
}

/// Makes one code online; its cost comes from the wallet.
#[utoipa::path(post, path = "/api/v1/reseller/codes", tag = "codes", operation_id = "reseller_create_code",
    security(("bearer" = [])), request_body = CreateCode,
    responses((status = 200, description = "Made, now or before under this id", body = CreatedCode)))]
async fn reseller_create(
    State(app): State<App>,
    caller: MemberCaller,
    JsonBody(request): JsonBody<CreateCode>,
) -> Result<Json<CreatedCode>, Failure> {
    caller.require(MemberAction::Sell)?;
    let reseller: ResellerId = caller.reseller;
    let new = NewLot {
        id: mint(app.now()),
        reseller,
        plan: request.plan_id,
        codes: &[request.code_id],
        customer_email: email(request.customer_email.as_deref())?,
        made_by: caller.by,
    };
    lot::create_one(&app, caller.operator, &caller.actor, &new).await.map(Json)
}

pub(super) fn email(typed: Option<&str>) -> Result<Option<&str>, Failure> {
    let typed = typed.map(str::trim).filter(|text| !text.is_empty());
    match typed {
        Some(address) if !looks_like_an_address(address) => {
            Err(Failure::validation(vec![field("customer_email", "an address like name@mail.example, or nothing")]))
        }
        other => Ok(other),
    }
}

fn looks_like_an_address(text: &str) -> bool {
    text.len() <= 254
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && text
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
}
