//! What the core tells the screens without being asked, as a stream of server-sent events.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use counterfoil_client::Client;
use futures_util::stream::{Stream, unfold};
use tokio::sync::broadcast::error::RecvError;

/// `GET /events`.
pub(crate) async fn stream(State(client): State<Arc<Client>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = unfold(client.events(), |mut events| async move {
        loop {
            match events.recv().await {
                Ok(event) => {
                    let message = Event::default().event(event.name()).data(event.payload().to_string());
                    return Some((Ok(message), events));
                }
                // A slow browser missed some; each event says what to read again, and the next one will come.
                Err(RecvError::Lagged(missed)) => tracing::debug!(missed, "a page was too slow for its events"),
                Err(RecvError::Closed) => return None,
            }
        }
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
