//! Reading an answer: bounded, and never believed to be Central's because it arrived.

use counterfoil_wire::problem::Problem;
use reqwest::header::RETRY_AFTER;
use reqwest::{Response, StatusCode};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::CentralError;
use super::error::of_transport;

/// A page of the feed is a few megabytes.
const LARGEST: usize = 64 * 1024 * 1024;

pub(super) async fn read<T: DeserializeOwned>(response: Response) -> Result<T, CentralError> {
    let status = response.status();
    // A proxy has no problem document, but may say when to come back. A date would need a clock that is right.
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|after| after.to_str().ok()?.trim().parse().ok());
    let retry_after_ms = retry_after.map(|seconds: u64| seconds.saturating_mul(1_000));
    let body = bounded(response).await?;
    if status.is_success() {
        let body: &[u8] = if body.is_empty() { b"null" } else { &body };
        return serde_json::from_slice(body)
            .map_err(|error| CentralError::Incompatible(format!("the answer cannot be read: {error}")));
    }
    if let Ok(problem) = serde_json::from_slice::<Problem>(&body) {
        return Err(CentralError::Problem(Box::new(problem)));
    }
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return Err(CentralError::Failed { status: status.as_u16(), retry_after_ms });
    }
    Err(CentralError::Incompatible(format!("it answered {status} without saying why: is this a Counterfoil server?")))
}

/// As [`read`], for what answers with text.
pub(super) async fn read_text(response: Response) -> Result<String, CentralError> {
    if !response.status().is_success() {
        return read::<IgnoredAny>(response).await.map(|_| String::new());
    }
    let body = bounded(response).await?;
    String::from_utf8(body).map_err(|_| CentralError::Incompatible("the answer is not text".into()))
}

/// As [`read`], for what answers with bytes.
pub(super) async fn read_bytes(response: Response) -> Result<Vec<u8>, CentralError> {
    if !response.status().is_success() {
        return read::<IgnoredAny>(response).await.map(|_| Vec::new());
    }
    bounded(response).await
}

async fn bounded(mut response: Response) -> Result<Vec<u8>, CentralError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| of_transport(&error))? {
        if body.len() + chunk.len() > LARGEST {
            return Err(CentralError::Incompatible(format!("the answer is larger than {LARGEST} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
