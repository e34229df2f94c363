//! For whoever runs this Central: is it alive, can it work.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use counterfoil_central_platform::failure::Failure;

use crate::engine::App;

pub(super) fn router() -> Router<App> {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz))
}

/// The process answers.
async fn healthz() -> &'static str {
    "ok\n"
}

/// The database answers and has this program's schema.
async fn readyz(State(app): State<App>) -> Result<&'static str, Failure> {
    app.check_ready().await?;
    Ok("ready\n")
}
