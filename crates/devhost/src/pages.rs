//! The built screens, from a folder.

use std::path::Path;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use axum::routing::get_service;
use tower_http::services::{ServeDir, ServeFile};

/// Only what this host serves may run or load. The window has the same policy (tauri.conf.json). Pictures may be `data:`
/// because the grid's style sheet holds its icons.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const SECURITY_HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // The address of the first page holds the token.
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Files by their name; any other address is a page of the application, which finds its own way.
pub(crate) fn routes(folder: &Path) -> Router {
    let index = ServeFile::new(folder.join("index.html"));
    Router::new().fallback_service(get_service(ServeDir::new(folder).fallback(index)))
}

/// Adds to every answer what keeps other pages out of this one.
pub(crate) async fn secure(mut response: Response) -> Response {
    for (name, value) in SECURITY_HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
