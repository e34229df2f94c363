//! One call over HTTP. Nothing is ever sent a second time.

use std::error::Error as _;
use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::{Client, Method, Response, header, redirect, retry};
use secrecy::ExposeSecret as _;

use crate::address::{ApiAddress, Path};
use crate::answer::{self, Results};
use crate::config::{Config, Credentials, Limits, Trust};
use crate::error::Error;
use crate::form::Form;
use crate::tls;

const FORM: &str = "application/x-www-form-urlencoded";
/// How much of an answer that is none is read, to tell what it is.
const EXCERPT_BYTES: usize = 4_096;

/// The connections to one portal.
#[derive(Debug)]
pub(crate) struct Transport {
    http: Client,
    api: ApiAddress,
    credentials: Option<Credentials>,
    limits: Limits,
}

impl Transport {
    pub(crate) fn new(config: &Config) -> Result<Self, Error> {
        tls::provider();
        let mut builder = Client::builder()
            .connect_timeout(config.limits.connect)
            // A client that follows would drop the body of a write.
            .redirect(redirect::Policy::none())
            .retry(retry::never());
        if let Trust::Only(certificate) = &config.trust {
            builder = builder.tls_backend_preconfigured(tls::only(certificate)?);
        }
        let http = builder.build().map_err(|error| failure(&error, config.limits.connect))?;
        Ok(Self { http, api: config.api.clone(), credentials: config.credentials.clone(), limits: config.limits })
    }

    pub(crate) fn api(&self) -> &ApiAddress {
        &self.api
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    fn request(&self, method: Method, path: &Path, wait: Duration) -> reqwest::RequestBuilder {
        let request = self.http.request(method, self.api.to(path)).timeout(wait);
        match &self.credentials {
            Some(credentials) => request.basic_auth(&credentials.login, Some(credentials.password.expose_secret())),
            None => request,
        }
    }

    /// One call, whole answer.
    pub(crate) async fn call(&self, method: Method, path: &Path, form: Option<&Form>) -> Result<Results, Error> {
        let wait = self.limits.call;
        let mut request = self.request(method.clone(), path, wait);
        let mut secrets: Vec<String> = Vec::new();
        if let Some(form) = form {
            secrets.extend(form.secrets().iter().cloned());
            request = request.header(header::CONTENT_TYPE, FORM).body(form.encoded());
        }
        secrets.extend(self.credentials.iter().map(|credentials| credentials.password.expose_secret().to_owned()));
        let answered = async {
            let response = request.send().await.map_err(|error| failure(&error, wait))?;
            let status = response.status().as_u16();
            let location = location(&response);
            let body = self.body(response, wait).await?;
            answer::read(status, location.as_deref(), &body, &secrets)
        }
        .await;
        let outcome = answered.as_ref().err().map_or("ok", Error::code);
        tracing::debug!(%method, resource = path.resource(), outcome, "portal call");
        answered
    }

    /// Another kind of answer: text, asked for by its type.
    pub(crate) async fn text(&self, path: &Path, accept: &'static str) -> Result<String, Error> {
        let wait = self.limits.call;
        let request = self.request(Method::GET, path, wait).header(header::ACCEPT, accept);
        let response = request.send().await.map_err(|error| failure(&error, wait))?;
        let status = response.status().as_u16();
        let location = location(&response);
        let body = self.body(response, wait).await?;
        answer::check_status(status, location.as_deref(), &body)?;
        if answer::trimmed(&body).starts_with(b"{") {
            answer::read(status, None, &body, &[])?;
            return Err(Error::Unreadable("text was expected, JSON came".to_owned()));
        }
        String::from_utf8(body).map_err(|_| Error::Unreadable("the text is not UTF-8".to_owned()))
    }

    /// A list whose body is still to come; anything else is read and told as the error that it is.
    pub(crate) async fn list(&self, path: &Path) -> Result<Response, Error> {
        let wait = self.limits.list;
        let request = self.request(Method::GET, path, wait);
        let response = request.send().await.map_err(|error| failure(&error, wait))?;
        let status = response.status().as_u16();
        if status == 200 {
            return Ok(response);
        }
        let location = location(&response);
        let mut head = Vec::new();
        let mut body = response.bytes_stream();
        while head.len() < EXCERPT_BYTES
            && let Some(Ok(part)) = body.next().await
        {
            head.extend_from_slice(&part);
        }
        match answer::check_status(status, location.as_deref(), &head) {
            Err(error) => Err(error),
            Ok(()) => Err(Error::Server(status)),
        }
    }

    async fn body(&self, response: Response, wait: Duration) -> Result<Vec<u8>, Error> {
        let largest = self.limits.answer_bytes;
        let mut body = Vec::new();
        let mut parts = response.bytes_stream();
        while let Some(part) = parts.next().await {
            let part = part.map_err(|error| failure(&error, wait))?;
            if (body.len() + part.len()) as u64 > largest {
                return Err(Error::TooLarge(largest));
            }
            body.extend_from_slice(&part);
        }
        Ok(body)
    }
}

fn location(response: &Response) -> Option<String> {
    response.headers().get(header::LOCATION)?.to_str().ok().map(str::to_owned)
}

/// Why no answer, or only a part of one, came.
pub(crate) fn failure(error: &reqwest::Error, wait: Duration) -> Error {
    if error.is_timeout() && !error.is_connect() {
        return Error::TimedOut(wait);
    }
    let mut source = error.source();
    let mut deepest = None;
    while let Some(inner) = source {
        if let Some(rustls::Error::InvalidCertificate(why)) = tls_error(inner) {
            return Error::UntrustedCertificate(why.to_string());
        }
        deepest = Some(inner.to_string());
        source = inner.source();
    }
    if error.is_connect() || error.is_builder() {
        return Error::Unreachable(deepest.unwrap_or_else(|| "no connection".to_owned()));
    }
    // The connection was there: the request may have arrived.
    Error::CutShort
}

/// An I/O error hides what it holds from the chain of sources, and one may hold another.
fn tls_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    error.downcast_ref::<rustls::Error>().or_else(|| {
        let held = error.downcast_ref::<std::io::Error>()?.get_ref()?;
        tls_error(held)
    })
}
