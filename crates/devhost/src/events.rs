//! What the core tells the screens without being asked, as a stream of server-sent events.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use counterfoil_client::Client;
use futures_util::stream::{Stream, unfold};

/// `GET /events`.
pub(crate) async fn stream(State(client): State<Arc<Client>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = unfold(client.events(), |mut events| async move {
        let event = events.next().await?;
        let message = Event::default().event(event.name()).data(event.payload().to_string());
        Some((Ok(message), events))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
