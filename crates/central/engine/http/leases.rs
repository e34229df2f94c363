//! Leases and devices as staff see them.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::ids::LeaseId;
use counterfoil_domain::permission::StaffAction;
use counterfoil_wire::devices::{Device, DevicesQuery};
use counterfoil_wire::leases::{Lease, LeasesQuery, RevokeLease};
use counterfoil_wire::page::Page;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::StaffCaller;
use crate::engine::{App, device, lease};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(revoke)).routes(routes!(devices))
}

/// Leases, the newest first.
#[utoipa::path(get, path = "/api/v1/admin/leases", tag = "leases", operation_id = "admin_leases",
    security(("bearer" = [])), params(LeasesQuery),
    responses((status = 200, description = "A page of leases", body = Page<Lease>)))]
async fn list(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<LeasesQuery>,
) -> Result<Json<Page<Lease>>, Failure> {
    caller.require(StaffAction::View)?;
    lease::list(&app, caller.operator, &query).await.map(Json)
}

/// The lost-laptop switch: codes up to the cut are honoured, later ones held.
#[utoipa::path(post, path = "/api/v1/admin/leases/{id}/revoke", tag = "leases", operation_id = "revoke_lease",
    security(("bearer" = [])), params(("id" = LeaseId, Path)), request_body = RevokeLease,
    responses((status = 200, description = "Revoked, now or before with the same cut", body = Lease)))]
async fn revoke(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<LeaseId>,
    JsonBody(request): JsonBody<RevokeLease>,
) -> Result<Json<Lease>, Failure> {
    caller.require(StaffAction::RevokeLease)?;
    Ok(Json(lease::revoke(&app, caller.operator, &caller.scope, &caller.actor, id, &request).await?))
}

/// Enrolled desktops, the newest first.
#[utoipa::path(get, path = "/api/v1/admin/devices", tag = "leases", operation_id = "admin_devices",
    security(("bearer" = [])), params(DevicesQuery),
    responses((status = 200, description = "A page of devices", body = Page<Device>)))]
async fn devices(
    State(app): State<App>,
    caller: StaffCaller,
    QueryString(query): QueryString<DevicesQuery>,
) -> Result<Json<Page<Device>>, Failure> {
    caller.require(StaffAction::View)?;
    device::list(&app, caller.operator, &query).await.map(Json)
}
