//! Leases and devices as staff see them.

use utoipa_axum::router::OpenApiRouter;

use crate::engine::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
