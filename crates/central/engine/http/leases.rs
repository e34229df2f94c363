//! Leases and devices as staff see them, and the devices of a shop as its owner does.

use axum::Json;
use axum::extract::State;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{Id, JsonBody, QueryString};
use counterfoil_domain::ids::{DeviceId, LeaseId};
use counterfoil_domain::permission::{MemberAction, StaffAction};
use counterfoil_wire::devices::{BlockDevice, Device, DevicesQuery, OwnDevicesQuery};
use counterfoil_wire::leases::{Lease, LeasesQuery, RevokeLease};
use counterfoil_wire::page::Page;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MemberCaller, StaffCaller};
use crate::engine::{App, device, lease};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(revoke))
        .routes(routes!(devices))
        .routes(routes!(block))
        .routes(routes!(own_devices))
        .routes(routes!(block_own))
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

/// Blocks a lost machine for good. Its leases stay as they are; whoever is signed in elsewhere with it signs in again.
#[utoipa::path(post, path = "/api/v1/admin/devices/{id}/block", tag = "leases", operation_id = "block_device",
    security(("bearer" = [])), params(("id" = DeviceId, Path)), request_body = BlockDevice,
    responses((status = 200, description = "Blocked, now or before", body = Device)))]
async fn block(
    State(app): State<App>,
    caller: StaffCaller,
    Id(id): Id<DeviceId>,
    JsonBody(asked): JsonBody<BlockDevice>,
) -> Result<Json<Device>, Failure> {
    caller.require(StaffAction::RevokeLease)?;
    let by =
        device::Blocker { operator: caller.operator, reseller: None, actor: &caller.actor, session: caller.session };
    device::block(&app, &by, id, &asked).await.map(Json)
}

/// The enrolled desktops of the caller's reseller, the newest first.
#[utoipa::path(get, path = "/api/v1/reseller/devices", tag = "leases", operation_id = "own_devices",
    security(("bearer" = [])), params(OwnDevicesQuery),
    responses((status = 200, description = "A page of devices", body = Page<Device>)))]
async fn own_devices(
    State(app): State<App>,
    caller: MemberCaller,
    QueryString(query): QueryString<OwnDevicesQuery>,
) -> Result<Json<Page<Device>>, Failure> {
    caller.require(MemberAction::BlockDevice)?;
    let reseller_id = Some(caller.reseller);
    let query = DevicesQuery { after: query.after, limit: query.limit, reseller_id, of_staff: None };
    device::list(&app, caller.operator, &query).await.map(Json)
}

/// Blocks a lost machine of the caller's reseller for good. What becomes of its leases the operator decides; everybody of the
/// reseller but the caller signs in again.
#[utoipa::path(post, path = "/api/v1/reseller/devices/{id}/block", tag = "leases", operation_id = "block_own_device",
    security(("bearer" = [])), params(("id" = DeviceId, Path)), request_body = BlockDevice,
    responses((status = 200, description = "Blocked, now or before", body = Device)))]
async fn block_own(
    State(app): State<App>,
    caller: MemberCaller,
    Id(id): Id<DeviceId>,
    JsonBody(asked): JsonBody<BlockDevice>,
) -> Result<Json<Device>, Failure> {
    caller.require(MemberAction::BlockDevice)?;
    let by = device::Blocker {
        operator: caller.operator,
        reseller: Some(caller.reseller),
        actor: &caller.actor,
        session: caller.session()?,
    };
    device::block(&app, &by, id, &asked).await.map(Json)
}
