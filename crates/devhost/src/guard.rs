//! Who may talk to this host: a page that this host served, in a browser that was given its token.

use std::fmt;
use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use subtle::ConstantTimeEq as _;

/// The secret in the address that was printed at start. Other programs and pages on this machine do not have it.
#[derive(Clone)]
pub struct Token(Arc<str>);

impl Token {
    /// Makes a new one from the system's randomness.
    pub fn mint() -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(hex::encode(bytes).into()))
    }

    /// The characters, for the one address that is printed.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    fn is(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.as_bytes()).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

#[derive(serde::Deserialize)]
pub(crate) struct InQuery {
    token: Option<String>,
}

/// Refuses a call without the token. An `EventSource` cannot send headers, so the event stream, which only reads, may
/// carry it in its address.
pub(crate) async fn require_token(
    State(token): State<Token>,
    Query(query): Query<InQuery>,
    request: Request,
    next: Next,
) -> Response {
    let in_header = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let in_query = query.token.as_deref().filter(|_| request.uri().path() == "/events");
    if in_header.or(in_query).is_some_and(|given| token.is(given)) {
        return next.run(request).await;
    }
    (StatusCode::UNAUTHORIZED, "This page was opened without its token. Open the address that was printed at start.")
        .into_response()
}

/// The values of the `Host` header that mean this host.
#[derive(Clone)]
pub(crate) struct Hosts(Arc<[String]>);

impl Hosts {
    pub(crate) fn loopback(port: u16) -> Self {
        Self(["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}")).into())
    }
}

/// Refuses a request that a foreign page sends here under its own name, once that name resolves to this machine.
pub(crate) async fn require_loopback_host(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    if host.is_some_and(|host| hosts.0.iter().any(|known| known.eq_ignore_ascii_case(host))) {
        return next.run(request).await;
    }
    (StatusCode::MISDIRECTED_REQUEST, "This host answers to its loopback address only.").into_response()
}
