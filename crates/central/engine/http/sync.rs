//! Devices: enrolment, leases, push, log, pull. Signed by the device instead of a session.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{JsonBody, QueryString};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::audit::{CheckpointsJudged, TellCheckpoints};
use counterfoil_wire::devices::{EnrolDevice, Enrolled};
use counterfoil_wire::leases::{GrantedLease, LeasesPresented, PresentLeases, RequestLease};
use counterfoil_wire::pull::{AUDIT_HEADER, PullPage, PullQuery, TIME_HEADER};
use counterfoil_wire::push::{LogQuery, LogTail, PushRequest, PushResponse};
use sha2::{Digest as _, Sha256};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Caller;
use super::signed::SignedDevice;
use crate::engine::{App, audit, device, feed, lease, push};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(enrol))
        .routes(routes!(grant))
        .routes(routes!(present))
        .routes(routes!(push_ops))
        .routes(routes!(log_tail))
        .routes(routes!(pull))
        .routes(routes!(checkpoints))
}

/// Binds this machine's keys to the reseller, or the operator, of the signed-in user.
#[utoipa::path(post, path = "/api/v1/sync/devices", tag = "sync", security(("bearer" = [])),
    request_body = EnrolDevice, responses((status = 200, description = "Enrolled, now or before", body = Enrolled)))]
async fn enrol(
    State(app): State<App>,
    caller: Caller,
    JsonBody(request): JsonBody<EnrolDevice>,
) -> Result<Json<Enrolled>, Failure> {
    device::enrol(&app, &caller.identity, caller.address, &request).await.map(Json)
}

/// Cuts a lease for this device, or returns the one with this id again.
#[utoipa::path(post, path = "/api/v1/sync/leases", tag = "sync", security(("device" = [])),
    request_body = RequestLease, responses((status = 200, description = "Granted, now or before", body = GrantedLease)))]
async fn grant(State(app): State<App>, signed: SignedDevice) -> Result<Json<GrantedLease>, Failure> {
    let request: RequestLease = signed.json()?;
    Ok(Json(lease::grant(&app, &signed.device, &request).await?))
}

/// Takes back leases that this Central granted and lost in a restore.
#[utoipa::path(post, path = "/api/v1/sync/leases/present", tag = "sync", security(("device" = [])),
    request_body = PresentLeases,
    responses((status = 200, description = "What became of each", body = LeasesPresented)))]
async fn present(State(app): State<App>, signed: SignedDevice) -> Result<Json<LeasesPresented>, Failure> {
    let request: PresentLeases = signed.json()?;
    lease::present(&app, &signed.device, &request).await.map(Json)
}

/// Takes operations of the device's log, in order; each gets one final answer. The body may be sent with
/// `content-encoding: zstd`; the signature covers it as sent.
#[utoipa::path(post, path = "/api/v1/sync/push", tag = "sync", security(("device" = [])), operation_id = "push",
    request_body = PushRequest, responses((status = 200, description = "Taken, now or before", body = PushResponse)))]
async fn push_ops(State(app): State<App>, signed: SignedDevice) -> Result<Json<PushResponse>, Failure> {
    let request: PushRequest = signed.json()?;
    push::push(&app, &signed.device, &request).await.map(Json)
}

/// What Central has of this device's log, for a device restored from a backup.
#[utoipa::path(get, path = "/api/v1/sync/log", tag = "sync", security(("device" = [])), params(LogQuery),
    responses((status = 200, description = "Operations with their answers", body = LogTail)))]
async fn log_tail(
    State(app): State<App>,
    QueryString(query): QueryString<LogQuery>,
    signed: SignedDevice,
) -> Result<Json<LogTail>, Failure> {
    push::tail(&app, &signed.device, query.after).await.map(Json)
}

/// The next page of the change feed, in commit order. A page with nothing new has an `etag`.
#[utoipa::path(get, path = "/api/v1/sync/pull", tag = "sync", security(("device" = [])),
    params(PullQuery, ("if-none-match" = Option<String>, Header, description = "The `etag` of the page before.")),
    responses((status = 200, description = "Changes in this device's scope", body = PullPage),
        (status = 304, description = "The page is the one before; `counterfoil-time` tells the time, `counterfoil-audit` where the audit ends")))]
async fn pull(
    State(app): State<App>,
    QueryString(query): QueryString<PullQuery>,
    headers: HeaderMap,
    signed: SignedDevice,
) -> Result<Response, Failure> {
    device::seen(&app, &signed.device).await?;
    let page = feed::pull(&app, &signed.device, &query).await?;
    let Some(tag) = tag(&page) else { return Ok(Json(page).into_response()) };
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    if known {
        let mut headers = vec![(TIME_HEADER, page.server_time.0.to_string())];
        headers.extend(page.audit.map(|head| (AUDIT_HEADER, head.to_text())));
        return Ok((StatusCode::NOT_MODIFIED, AppendHeaders(headers)).into_response());
    }
    Ok(([(header::ETAG, tag)], Json(page)).into_response())
}

/// What this device remembers of the audit's chain, held beside what Central holds. What differs is kept and shown to the
/// operator.
#[utoipa::path(post, path = "/api/v1/sync/audit", tag = "sync", security(("device" = [])),
    request_body = TellCheckpoints,
    responses((status = 200, description = "What Central holds in these places", body = CheckpointsJudged)))]
async fn checkpoints(State(app): State<App>, signed: SignedDevice) -> Result<Json<CheckpointsJudged>, Failure> {
    let told: TellCheckpoints = signed.json()?;
    audit::judge(&app, &signed.device, &told).await.map(Json)
}

/// What `etag` says of a page with nothing new, in quotes. A device that stands at the end of the feed names it and is
/// answered without a body for as long as all but the time and the end of the audit is the same.
fn tag(page: &PullPage) -> Option<String> {
    if !page.changes.is_empty() || page.more {
        return None;
    }
    let timeless = PullPage { server_time: Timestamp(0), audit: None, ..page.clone() };
    let text = serde_json::to_vec(&timeless).ok()?;
    Some(format!("\"{}\"", hex::encode(&Sha256::digest(text)[..8])))
}
