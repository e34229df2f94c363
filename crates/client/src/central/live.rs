//! The live stream: what Central tells without being asked.

use std::time::Duration;

use counterfoil_wire::endpoint::{Endpoint as _, Live};
use counterfoil_wire::live::{HEAD_EVENT, Head};
use reqwest::Response;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderValue};
use serde::de::IgnoredAny;
use tokio::time::timeout;

use super::event_stream::EventReader;
use super::{Address, Caller, Central, CentralError, answer, build, error};

/// Beyond what Central lets a stream live; the limit that counts is silence.
const WHOLE_LIMIT: Duration = Duration::from_hours(24);

/// An open stream.
#[derive(Debug)]
pub(crate) struct LiveStream {
    response: Response,
    reader: EventReader,
    silence: Duration,
}

/// What came over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    Head(Head),
    /// Something, if only a comment: the connection lives.
    Alive,
}

impl Central {
    /// Opens the device's stream. It fails when nothing at all comes for `silence`.
    pub(crate) async fn listen(
        &self,
        address: &Address,
        caller: Caller<'_>,
        silence: Duration,
    ) -> Result<LiveStream, CentralError> {
        let mut request = build(Live::METHOD, address.join(Live::PATH)?, &(), &caller)?;
        *request.timeout_mut() = Some(WHOLE_LIMIT);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
        // What is compressed on the way comes in blocks, and late.
        request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let response = timeout(silence, self.send(request)).await.map_err(|_| silent())??;
        if !response.status().is_success() {
            answer::read::<IgnoredAny>(response).await?;
            return Err(no_stream());
        }
        let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("text/event-stream")) {
            return Err(no_stream());
        }
        Ok(LiveStream { response, reader: EventReader::default(), silence })
    }
}

impl LiveStream {
    /// What comes next. Its end is a failure like any other.
    pub(crate) async fn next(&mut self) -> Result<Heard, CentralError> {
        if let Some(event) = self.reader.next() {
            if event.name != HEAD_EVENT {
                return Ok(Heard::Alive);
            }
            let head = serde_json::from_str(&event.data);
            return head.map(Heard::Head).map_err(|error| {
                CentralError::Incompatible(format!("the live stream says what cannot be read: {error}"))
            });
        }
        let piece = timeout(self.silence, self.response.chunk()).await.map_err(|_| silent())?;
        match piece.map_err(|error| error::of_transport(&error))? {
            None => Err(CentralError::Unreachable("the live stream ended".into())),
            Some(bytes) if self.reader.take(&bytes) => Ok(Heard::Alive),
            Some(_) => Err(no_stream()),
        }
    }
}

fn silent() -> CentralError {
    CentralError::Unreachable("the live stream was silent too long".into())
}

fn no_stream() -> CentralError {
    CentralError::Incompatible("the answer is no live stream".into())
}
