//! The layers around all routes, outermost first: client address, log and figures, headers, panic, time limit.

use std::any::Any;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use counterfoil_wire::problem::Code;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _, SizeAbove};

use super::address::TrustedProxies;
use super::{ClientAddress, MAX_BODY_BYTES};
use crate::failure::Failure;

/// Whether this process itself speaks TLS, and browsers shall not come back without.
#[derive(Clone, Copy)]
struct Https(bool);

/// Longer than the slowest honest request, which asks a portal or makes a thousand codes, and a little shorter than the three
/// minutes that a desktop waits for such an answer: so it is told why, and not left alone.
const TIME_LIMIT: Duration = Duration::from_secs(170);

/// Bytes of a body.
const COMPRESSED_FROM: u64 = 512;

/// Answers what no route takes, and puts the layers around everything.
pub fn wrap(router: Router, proxies: TrustedProxies, https: bool) -> Router {
    router
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn(limit_time))
        .layer(CatchPanicLayer::custom(after_panic))
        // What is packed already only gets larger, and so does a small answer by the headers that say so.
        .layer(
            CompressionLayer::new().compress_when(
                DefaultPredicate::new()
                    .and(SizeAbove::new(COMPRESSED_FROM))
                    .and(NotForContentType::const_new("application/zstd")),
            ),
        )
        .layer(from_fn_with_state(Https(https), secure))
        .layer(from_fn(observe))
        .layer(from_fn_with_state(proxies, find_client))
}

async fn no_route() -> Failure {
    Failure::new(Code::NotFound, "There is nothing at this path. The API is described at /api/v1/openapi.json.")
}

async fn no_method() -> Failure {
    Failure::new(Code::MethodNotAllowed, "This path does not take that method; see the `allow` header.")
}

async fn find_client(State(proxies): State<TrustedProxies>, mut request: Request, next: Next) -> Response {
    let client: ClientAddress = proxies.client_of(&request);
    request.extensions_mut().insert(client);
    next.run(request).await
}

/// One line and one figure a request. The route's template, never the path: codes and tokens stand in paths.
async fn observe(request: Request, next: Next) -> Response {
    let method = request.method().as_str().to_owned();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let started = Instant::now();
    let response = next.run(request).await;
    let (status, took) = (response.status(), started.elapsed());
    let ms = took.as_secs_f64() * 1_000.0;
    tracing::info!(target: "counterfoil::requests", %method, %route, status = status.as_u16(), ms, "request");
    // An invented method must not make a new series.
    let method = if status.as_u16() == 405 || route == "none" { "other".to_owned() } else { method };
    let labels = [("method", method), ("route", route), ("status", status.as_u16().to_string())];
    metrics::counter!("counterfoil_http_requests_total", &labels).increment(1);
    metrics::histogram!("counterfoil_http_request_seconds", &labels[..2]).record(took.as_secs_f64());
    response
}

/// What every answer says: that it is what its type says, and is kept nowhere.
const ALWAYS: [(HeaderName, HeaderValue); 2] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];
/// What only a browser that shows the answer as a page makes use of.
const OF_PAGES: [(HeaderName, HeaderValue); 3] = [
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    ),
];

/// Headers a page may set itself are left as they are.
async fn secure(State(Https(https)): State<Https>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let of_page = !is_data(&response);
    let headers: &mut HeaderMap = response.headers_mut();
    for (name, value) in ALWAYS.into_iter().chain(OF_PAGES.into_iter().filter(|_| of_page)) {
        headers.entry(name).or_insert(value);
    }
    if https {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// Answers of the API, which no browser shows as a page: a device that asks every minute would get these headers each
/// time. Whatever else there is counts as a page.
fn is_data(response: &Response) -> bool {
    if response.status() == StatusCode::NOT_MODIFIED {
        return true;
    }
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    ["application/json", "application/problem+json", "application/zstd", "text/event-stream"]
        .contains(&kind.split(';').next().unwrap_or_default().trim())
}

async fn limit_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(TIME_LIMIT, next.run(request)).await {
        Ok(response) => response,
        // Dropping the handler rolls its transaction back.
        Err(_) => Failure::new(Code::Unavailable, "This took too long and was given up. Try again in a moment.")
            .retry_after_ms(5_000)
            .into_response(),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape the layer asks for")]
fn after_panic(payload: Box<dyn Any + Send + 'static>) -> Response {
    let said = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Failure::internal(format!("panic: {said}")).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;

    async fn asked_for(time: Duration) -> StatusCode {
        let slow = get(move || async move {
            tokio::time::sleep(time).await;
            "done"
        });
        let router = Router::new().route("/slow", slow).layer(from_fn(limit_time));
        let request = axum::http::Request::get("/slow").body(Body::empty()).expect("a request");
        router.oneshot(request).await.expect("an answer").status()
    }

    /// On a clock that jumps: nobody waits.
    #[tokio::test(start_paused = true)]
    async fn a_portal_may_take_its_time_and_a_desktop_hears_before_it_gives_up() {
        assert_eq!(asked_for(Duration::from_secs(165)).await, StatusCode::OK);
        assert_eq!(asked_for(Duration::from_mins(10)).await, StatusCode::SERVICE_UNAVAILABLE);
        let patience = Duration::from_mins(3);
        assert!(TIME_LIMIT + Duration::from_secs(5) < patience, "docs/STALKER.md and the desktop say three minutes");
    }
}
