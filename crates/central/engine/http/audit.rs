//! The audit, for those of the staff who may read it, and each reseller's own log, for its owners.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::QueryString;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::audit::{AuditChain, AuditEntry, AuditQuery};
use counterfoil_wire::page::Page;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller};
use crate::engine::App;
use crate::engine::audit;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(chain))
        .routes(routes!(file))
        .routes(routes!(log))
        .routes(routes!(log_file))
}

/// Who did what to what, the newest first.
#[utoipa::path(get, path = "/api/v1/admin/audit", tag = "audit", security(("bearer" = [])), params(AuditQuery),
    responses((status = 200, description = "A page of lines", body = Page<AuditEntry>)))]
async fn list(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<AuditQuery>,
) -> Result<Json<Page<AuditEntry>>, Failure> {
    caller.require(StaffAction::ViewAudit)?;
    audit::list(&app, caller.operator, &query).await.map(Json)
}

/// Where the chain of hashes ends, and which devices remember another history than this Central holds.
#[utoipa::path(get, path = "/api/v1/admin/audit/chain", tag = "audit", security(("bearer" = [])),
    responses((status = 200, description = "How it stands", body = AuditChain)))]
async fn chain(State(app): State<App>, caller: StaffCaller) -> Result<Json<AuditChain>, Failure> {
    caller.require(StaffAction::ViewAudit)?;
    audit::chain(&app, caller.operator).await.map(Json)
}

/// All lines that fit, or the newest `limit` of them, as CSV. Who fetched them is in the audit.
#[utoipa::path(get, path = "/api/v1/admin/audit/file", tag = "audit", security(("bearer" = [])), params(AuditQuery),
    responses((status = 200, description = "A line for each, with its hash", content_type = "text/csv",
        body = String)))]
async fn file(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<AuditQuery>,
) -> Result<Response, Failure> {
    caller.require(StaffAction::ViewAudit)?;
    let file = audit::file(&app, caller.operator, &caller.actor, &query).await?;
    as_csv(&file.name, Body::from_stream(file.lines))
}

/// What the reseller's people did, and what was done to what is the reseller's or of those below it, the newest first. Needs
/// the grant `view_logs`. It begins with the version that keeps it: lines of before are in no reseller's log.
#[utoipa::path(get, path = "/api/v1/reseller/audit", tag = "audit", security(("bearer" = [])), params(AuditQuery),
    responses((status = 200, description = "A page of lines", body = Page<AuditEntry>)))]
async fn log(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<AuditQuery>,
) -> Result<Json<Page<AuditEntry>>, Failure> {
    caller.require_granted(&app, MemberAction::ViewLog, Grant::ViewLogs).await?;
    audit::log(&app, &caller.scope, caller.reseller, &query).await.map(Json)
}

/// All lines of the log that fit, or the newest `limit` of them, as CSV. Who fetched them is in the log. Needs the grant
/// `view_logs`.
#[utoipa::path(get, path = "/api/v1/reseller/audit/file", tag = "audit", security(("bearer" = [])), params(AuditQuery),
    responses((status = 200, description = "A line for each", content_type = "text/csv", body = String)))]
async fn log_file(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<AuditQuery>,
) -> Result<Response, Failure> {
    caller.require_granted(&app, MemberAction::ViewLog, Grant::ViewLogs).await?;
    let whose = (&caller.scope, caller.reseller);
    let file = audit::log_file(&app, caller.operator, whose, &caller.actor, &query).await?;
    as_csv(&file.name, Body::from_stream(file.lines))
}

fn as_csv(name: &str, lines: Body) -> Result<Response, Failure> {
    let disposition = format!("attachment; filename=\"{name}\"");
    let mut response = Response::new(lines);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    // Names and addresses of people: no cache on the way keeps them.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(Failure::internal)?);
    Ok(response)
}
