//! The audit, for those of the staff who may read it.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::QueryString;
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::audit::{AuditChain, AuditEntry, AuditQuery};
use counterfoil_wire::page::Page;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::StaffCaller;
use crate::engine::App;
use crate::engine::audit;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(chain)).routes(routes!(file))
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
    let disposition = format!("attachment; filename=\"{}\"", file.name);
    let mut response = Response::new(Body::from_stream(file.lines));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    // Names and addresses of people: no cache on the way keeps them.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(Failure::internal)?);
    Ok(response)
}
