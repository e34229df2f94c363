//! The desktop application's screens and core over loopback HTTP.
//!
//! A browser on the same machine shows the same pages and calls the same functions as the window does. It is for
//! machines without a display, for development and for tests in a browser: one user, this machine only.

mod api;
mod events;
mod guard;
mod pages;

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn_with_state, map_response};
use axum::routing::{get, post};
use counterfoil_client::Client;

pub use guard::Token;

/// The largest request body: a page of arguments, never a file.
const LARGEST_BODY: usize = 1024 * 1024;

/// Everything the host answers. `pages` is the folder of the built screens, `port` the one it listens on.
pub fn router(client: Arc<Client>, token: Token, pages: &Path, port: u16) -> Router {
    let core = Router::new()
        .route("/api/{command}", post(api::call))
        .route("/events", get(events::stream))
        .with_state(client)
        .layer(axum::extract::DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(token, guard::require_token));
    pages::routes(pages)
        .merge(core)
        .layer(from_fn_with_state(guard::Hosts::loopback(port), guard::require_loopback_host))
        .layer(map_response(pages::secure))
}
