//! Requests signed by a device instead of carrying a session: a shop whose session ended still delivers its sales.

use axum::body::Bytes;
use axum::extract::{FromRequest, OriginalUri, Request};
use axum::http::{HeaderMap, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{JsonBody, RawBody};
use counterfoil_central_platform::inflate;
use counterfoil_wire::problem::Code;
use counterfoil_wire::push::MAX_BYTES;
use counterfoil_wire::signature::{DEVICE_HEADER, SIGNATURE_HEADER, message};
use ed25519_dalek::Signature;
use serde::de::DeserializeOwned;

use crate::engine::App;
use crate::engine::device::{self, DeviceRecord};

/// What a compressed body may hold: the operations of a push, quoted in JSON.
const MOST_INFLATED: usize = 2 * MAX_BYTES;

/// An enrolled device, and the body it signed.
pub(super) struct SignedDevice {
    pub(super) device: DeviceRecord,
    body: Bytes,
    encoding: Encoding,
}

enum Encoding {
    Plain,
    Zstd,
}

impl SignedDevice {
    /// The body as JSON of the documented shape.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        match self.encoding {
            Encoding::Plain => JsonBody::<T>::from_bytes(&self.body),
            Encoding::Zstd => JsonBody::<T>::from_bytes(&inflate::zstd(&self.body, MOST_INFLATED)?),
        }
    }
}

impl FromRequest<App> for SignedDevice {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(uri)| uri);
        let path_and_query = uri.path_and_query().map_or_else(|| uri.path().to_owned(), ToString::to_string);
        let method = parts.method.as_str().to_owned();
        let device = text(&parts.headers, DEVICE_HEADER).and_then(|text| text.parse().ok());
        let signature = text(&parts.headers, SIGNATURE_HEADER)
            .and_then(|text| STANDARD.decode(text).ok())
            .and_then(|bytes| Signature::from_slice(&bytes).ok());
        let encoding = encoding(&parts.headers)?;
        let RawBody(body) = RawBody::from_request(Request::from_parts(parts, body), app).await?;
        let message = message(&method, &path_and_query, &body);
        let device = device::authenticate(app, device, signature, &message).await?;
        Ok(Self { device, body, encoding })
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn encoding(headers: &HeaderMap) -> Result<Encoding, Failure> {
    match headers.get(header::CONTENT_ENCODING).map(axum::http::HeaderValue::as_bytes) {
        None | Some(b"identity") => Ok(Encoding::Plain),
        Some(b"zstd") => Ok(Encoding::Zstd),
        Some(_) => Err(Failure::new(
            Code::UnsupportedMediaType,
            "The body may be sent as it is or with `content-encoding: zstd`.",
        )),
    }
}
