//! Devices: enrolment, leases, push, log, pull. Signed by the device instead of a session.

use utoipa_axum::router::OpenApiRouter;

use crate::engine::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
