//! The one stylesheet. Its path changes with its content, so a browser may keep it for ever.

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest as _, Sha256};

const CSS: &str = include_str!("../../templates/public.css");

static PATH: LazyLock<String> = LazyLock::new(|| {
    let digest = Sha256::digest(CSS.as_bytes());
    let version = digest.iter().take(6).fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    format!("/public-{version}.css")
});

/// Where it is served.
pub fn path() -> &'static str {
    &PATH
}

/// Answers with it.
pub async fn serve() -> Response {
    let mut response = CSS.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response
}
