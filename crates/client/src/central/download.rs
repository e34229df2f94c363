//! A part of a large file, piece by piece as it arrives.

use std::ops::Range;
use std::time::Duration;

use counterfoil_wire::endpoint::{Endpoint as _, SnapshotFile, path};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_RANGE, HeaderValue, RANGE};
use reqwest::{Response, StatusCode};
use serde::de::IgnoredAny;
use tokio::time::timeout;
use uuid::Uuid;

use super::error::of_transport;
use super::{Address, Caller, Central, CentralError, answer, build};

/// The limit that counts is silence: a slow line may take its time.
const WHOLE_LIMIT: Duration = Duration::from_hours(6);
const SILENCE: Duration = Duration::from_secs(30);

/// The bytes on their way.
#[derive(Debug)]
pub(crate) struct Download(Response);

impl Central {
    /// Asks for a range of a snapshot's bytes. What arrives may be less.
    pub(crate) async fn snapshot(
        &self,
        address: &Address,
        snapshot: Uuid,
        range: &Range<u64>,
        caller: Caller<'_>,
    ) -> Result<Download, CentralError> {
        let place = path(SnapshotFile::PATH, &[&snapshot.to_string()]);
        let mut request = build(SnapshotFile::METHOD, address.join(&place)?, &(), &caller)?;
        *request.timeout_mut() = Some(WHOLE_LIMIT);
        let wanted = format!("bytes={}-{}", range.start, range.end.saturating_sub(1));
        let wanted = HeaderValue::from_str(&wanted).map_err(|error| CentralError::Incompatible(error.to_string()))?;
        request.headers_mut().insert(RANGE, wanted);
        // It is compressed already, and a range counts the bytes as they are.
        request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let response = timeout(SILENCE, self.send(request)).await.map_err(|_| silent())??;
        if !response.status().is_success() {
            answer::read::<IgnoredAny>(response).await?;
        } else if fits(&response, range.start) {
            return Ok(Download(response));
        }
        Err(CentralError::Incompatible("it sends another part of the file than was asked for".into()))
    }
}

fn fits(response: &Response, start: u64) -> bool {
    match response.status() {
        StatusCode::PARTIAL_CONTENT => {
            let range = response.headers().get(CONTENT_RANGE).and_then(|range| range.to_str().ok());
            let from =
                range.and_then(|range| range.trim().strip_prefix("bytes ")?.split_once('-')?.0.parse::<u64>().ok());
            from == Some(start)
        }
        // The whole file.
        _ => start == 0,
    }
}

impl Download {
    /// The next piece; none at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<u8>>, CentralError> {
        let piece = timeout(SILENCE, self.0.chunk()).await.map_err(|_| silent())?;
        Ok(piece.map_err(|error| of_transport(&error))?.map(Into::into))
    }
}

fn silent() -> CentralError {
    CentralError::Unreachable("nothing arrives any more".into())
}
