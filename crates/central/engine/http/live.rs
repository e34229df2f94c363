//! The live stream, as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::live::Stream;
use counterfoil_wire::live::{HEAD_EVENT, Head, KEEP_ALIVE_MS};
use futures_util::stream::unfold;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::signed::SignedDevice;
use crate::engine::{App, device, live};

/// When to come back after a stream ended, for clients that take it from the stream.
const RETRY: Duration = Duration::from_secs(2);

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(listen))
}

/// Tells when something in this device's scope changed, as server-sent events named `head`. The first says where the
/// feed stands. Comments keep the connection alive; the stream ends when Central stops, when the device opens another
/// one, and when the device or its reseller may not listen any more.
#[utoipa::path(get, path = "/api/v1/sync/live", tag = "sync", security(("device" = [])),
    responses((status = 200, description = "The data of each event", body = Head, content_type = "text/event-stream")))]
async fn listen(State(app): State<App>, signed: SignedDevice) -> Result<Response, Failure> {
    device::seen(&app, &signed.device).await?;
    let stream = live::open(&app, &signed.device).await?;
    let events = unfold((stream, true), next_event);
    let keep_alive = KeepAlive::new().interval(Duration::from_millis(KEEP_ALIVE_MS));
    // Not to be kept, not to be changed, not to be held back by a proxy.
    let headers =
        [(header::CACHE_CONTROL, "no-store, no-transform"), (HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((headers, Sse::new(events).keep_alive(keep_alive)).into_response())
}

async fn next_event((mut stream, first): (Stream, bool)) -> Option<(Result<Event, Infallible>, (Stream, bool))> {
    let head = stream.next().await?;
    let event = Event::default().event(HEAD_EVENT).json_data(head).ok()?;
    let event = if first { event.retry(RETRY) } else { event };
    Some((Ok(event), (stream, false)))
}
