//! Snapshots: the manifest, and the bytes by range. Signed by the device.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::QueryString;
use counterfoil_wire::snapshot::{SnapshotManifest, SnapshotQuery};
use tower_http::services::ServeFile;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::signed::SignedDevice;
use crate::engine::{App, device, snapshot};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(manifest)).routes(routes!(file))
}

/// What a device with an empty cache had better fetch than pages. Refused (`snapshot_unavailable`) when pages are
/// better, and with `retry_after_ms` while the file is being made.
#[utoipa::path(get, path = "/api/v1/sync/snapshot", tag = "sync", security(("device" = [])), params(SnapshotQuery),
    operation_id = "snapshot",
    responses((status = 200, description = "A file to fetch", body = SnapshotManifest)))]
async fn manifest(
    State(app): State<App>,
    QueryString(query): QueryString<SnapshotQuery>,
    signed: SignedDevice,
) -> Result<Json<SnapshotManifest>, Failure> {
    device::seen(&app, &signed.device).await?;
    snapshot::manifest(&app, &signed.device, &query).await.map(Json)
}

/// Bytes of a snapshot: a SQLite file compressed with zstd, the whole or by `Range`.
#[utoipa::path(get, path = "/api/v1/sync/snapshot/{snapshot_id}", tag = "sync", security(("device" = [])),
    operation_id = "snapshot_file", params(("snapshot_id" = Uuid, Path, description = "From the manifest")),
    responses(
        (status = 200, description = "The whole file", content_type = "application/zstd", body = Vec<u8>),
        (status = 206, description = "The bytes asked for", content_type = "application/zstd", body = Vec<u8>),
        (status = 416, description = "There are no such bytes")))]
async fn file(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    signed: SignedDevice,
) -> Result<Response, Failure> {
    let id: Uuid = id.parse().map_err(|_| Failure::not_found("snapshot"))?;
    let file = snapshot::file(&app, &signed.device, id)?;
    let mut request = Request::new(Body::empty());
    if let Some(range) = headers.get(header::RANGE) {
        request.headers_mut().insert(header::RANGE, range.clone());
    }
    let mut response = ServeFile::new(file).try_call(request).await.map_err(Failure::internal)?.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zstd"));
    Ok(response)
}
