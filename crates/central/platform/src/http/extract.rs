//! Extractors that answer what they refuse with our problem documents.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use counterfoil_wire::problem::Code;
use serde::de::DeserializeOwned;

use super::MAX_BODY_BYTES;
use crate::failure::Failure;
use crate::zero_byte;

/// A JSON body of the documented shape.
#[derive(Debug, Clone, Copy)]
pub struct JsonBody<T>(pub T);

/// The bytes of a body as they were sent, for requests whose signature covers them.
#[derive(Debug, Clone)]
pub struct RawBody(pub Bytes);

/// A query string of the documented shape.
#[derive(Debug, Clone, Copy)]
pub struct QueryString<T>(pub T);

/// The id in the path of a route with one parameter. Text that is not an id names nothing.
#[derive(Debug, Clone, Copy)]
pub struct Id<T>(pub T);

/// The ids in the path of a route with two parameters; not found when one is not even an id.
#[derive(Debug, Clone, Copy)]
pub struct TwoIds<A, B>(pub A, pub B);

/// The text in the path of a route with one parameter. Nothing is called by a text with a zero byte.
#[derive(Debug, Clone)]
pub struct Segment(pub String);

impl<T: DeserializeOwned> JsonBody<T> {
    /// Reads bytes that were already taken from a request.
    pub fn from_bytes(bytes: &[u8]) -> Result<T, Failure> {
        if zero_byte::is_in_json(bytes) {
            return Err(zero_byte::refused_body(&parsed(bytes)?));
        }
        parsed(bytes)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        if !is_json(request.headers()) {
            return Err(Failure::new(
                Code::UnsupportedMediaType,
                "The body must be JSON: send it with `content-type: application/json`.",
            ));
        }
        let RawBody(bytes) = RawBody::from_request(request, state).await?;
        Self::from_bytes(&bytes).map(JsonBody)
    }
}

fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|error| {
        Failure::new(
            Code::Malformed,
            format!(
                "The body is not what this call takes: {}. Send the JSON that the API document shows.",
                shortened(&error)
            ),
        )
    })
}

/// What a parser says, without the megabyte that it may quote from the request. Where it stumbled is at the end.
fn shortened(error: &impl std::fmt::Display) -> String {
    const BEGINNING: usize = 80;
    const END: usize = 40;
    let said: Vec<char> = error.to_string().chars().collect();
    if said.len() <= BEGINNING + END {
        return said.into_iter().collect();
    }
    let mut short: String = said[..BEGINNING].iter().collect();
    short.push('…');
    short.extend(&said[said.len() - END..]);
    short
}

fn is_json(headers: &HeaderMap) -> bool {
    let essence = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|value| value.trim().to_ascii_lowercase());
    essence.is_some_and(|e| e == "application/json" || (e.starts_with("application/") && e.ends_with("+json")))
}

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        Bytes::from_request(request, state).await.map(RawBody).map_err(|rejection| unreadable(&rejection))
    }
}

fn unreadable(rejection: &BytesRejection) -> Failure {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Failure::new(
            Code::BodyTooLarge,
            format!("The body is larger than {MAX_BODY_BYTES} bytes. Send less at a time."),
        )
    } else {
        Failure::new(Code::Malformed, "The body broke off before its end. Send the request again.")
    }
}

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for QueryString<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let query = parts.uri.query().unwrap_or_default();
        zero_byte::refuse_in_pairs(query.as_bytes())?;
        serde_urlencoded::from_str(query).map(Self).map_err(|error| {
            Failure::new(
                Code::Malformed,
                format!(
                    "The query is not what this call takes: {}. See the API document for its parameters.",
                    shortened(&error)
                ),
            )
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let nothing = || Failure::not_found("thing");
        let parameters = RawPathParams::from_request_parts(parts, state).await.map_err(|_| nothing())?;
        let text = parameters.iter().next().map(|(_, text)| text).filter(|text| !zero_byte::has(text));
        text.map(|text| Self(text.to_owned())).ok_or_else(nothing)
    }
}

impl<S: Send + Sync, T: std::str::FromStr> FromRequestParts<S> for Id<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Segment(text) = Segment::from_request_parts(parts, state).await?;
        text.parse().map(Self).map_err(|_| Failure::not_found("thing"))
    }
}

impl<S: Send + Sync, A: std::str::FromStr, B: std::str::FromStr> FromRequestParts<S> for TwoIds<A, B> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let nothing = || Failure::not_found("thing");
        let parameters = RawPathParams::from_request_parts(parts, state).await.map_err(|_| nothing())?;
        let mut parameters = parameters.iter().map(|(_, text)| text);
        let (one, other) = parameters.next().zip(parameters.next()).ok_or_else(nothing)?;
        Ok(Self(one.parse().map_err(|_| nothing())?, other.parse().map_err(|_| nothing())?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_quotes_no_megabyte() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        let long = format!("{{\"{}\":1}}", "ä".repeat(500_000));
        let failure = JsonBody::<Nothing>::from_bytes(long.as_bytes()).expect_err("refused");
        assert_eq!(failure.code(), Code::Malformed);
        assert!(failure.problem().detail.len() < 600, "{} bytes", failure.problem().detail.len());
        assert!(failure.problem().detail.contains("unknown field `ää"));
    }

    #[test]
    fn a_zero_byte_is_refused_before_anything_else_and_what_is_no_json_stays_malformed() {
        let read = |body: &str| JsonBody::<Vec<String>>::from_bytes(body.as_bytes());
        assert_eq!(read(r#"["a","b\\u0000"]"#).expect("read"), ["a", r"b\u0000"]);
        let failure = read(r#"["a","b\u0000"]"#).expect_err("refused");
        assert_eq!((failure.code(), failure.problem().fields[0].field.as_str()), (Code::ValidationFailed, "1"));
        assert_eq!(read(r#"["a\u0000""#).expect_err("refused").code(), Code::Malformed);
    }
}
