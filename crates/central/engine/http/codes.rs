//! Codes: lists, single codes made online, void, revoke, hold, approve.

use utoipa_axum::router::OpenApiRouter;

use crate::engine::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
