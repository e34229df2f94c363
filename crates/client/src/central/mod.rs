//! Talking to Central: typed by the endpoint table, with time limits, and every failure told apart.

mod address;
mod answer;
mod download;
mod error;
mod event_stream;
mod live;
mod pull;

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use counterfoil_domain::ids::DeviceId;
use counterfoil_wire::endpoint::{Endpoint, path};
use counterfoil_wire::signature::{DEVICE_HEADER, SIGNATURE_HEADER, message};
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use address::Address;
pub(crate) use error::{CentralError, reason};
pub(crate) use live::Heard;

use crate::device::DeviceKeys;

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// For a whole exchange, as long as nothing else is said.
pub(crate) const WHOLE_LIMIT: Duration = Duration::from_secs(30);
/// A device's body from this size on is compressed: a log of many sales is mostly the same words.
const COMPRESSED_FROM: usize = 1024;
const COMPRESSION_LEVEL: i32 = 3;

/// The connection to a Central. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Central {
    app_version: Arc<str>,
    http: Arc<RwLock<reqwest::Client>>,
    nothing: Arc<Mutex<Option<pull::Nothing>>>,
    #[cfg(feature = "test-support")]
    simulated: Option<Arc<dyn crate::test_support::Network>>,
}

/// Who is asking.
pub(crate) enum Caller<'a> {
    /// Anyone.
    Nobody,
    /// A signed-in person.
    Session(&'a str),
    /// This device, by its signature: works without a session.
    Device(DeviceId, &'a DeviceKeys),
}

impl Central {
    pub(crate) fn new(app_version: &str) -> Result<Self, CentralError> {
        let http = Arc::new(RwLock::new(connections(app_version)?));
        Ok(Self {
            app_version: app_version.into(),
            http,
            nothing: Arc::default(),
            #[cfg(feature = "test-support")]
            simulated: None,
        })
    }

    /// A simulation's network in place of the real one.
    #[cfg(feature = "test-support")]
    pub(crate) fn through(self, network: Option<Arc<dyn crate::test_support::Network>>) -> Self {
        Self { simulated: network, ..self }
    }

    /// Connects anew from now on: what was connected through another network does not answer, and would be waited for.
    pub(crate) fn forget_connections(&self) {
        match connections(&self.app_version) {
            Ok(fresh) => *self.http.write().unwrap_or_else(PoisonError::into_inner) = fresh,
            Err(error) => tracing::warn!(%error, "the old connections are kept"),
        }
    }

    fn http(&self) -> reqwest::Client {
        self.http.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// One call. A GET carries the request as its query.
    pub(crate) async fn call<E>(
        &self,
        address: &Address,
        parameters: &[&str],
        request: &E::Request,
        caller: Caller<'_>,
    ) -> Result<E::Response, CentralError>
    where
        E: Endpoint,
        E::Request: Serialize,
        E::Response: DeserializeOwned,
    {
        self.call_within::<E>(address, parameters, request, caller, WHOLE_LIMIT).await
    }

    /// As [`Central::call`], with another limit for the whole exchange.
    pub(crate) async fn call_within<E>(
        &self,
        address: &Address,
        parameters: &[&str],
        request: &E::Request,
        caller: Caller<'_>,
        limit: Duration,
    ) -> Result<E::Response, CentralError>
    where
        E: Endpoint,
        E::Request: Serialize,
        E::Response: DeserializeOwned,
    {
        let mut request = build(E::METHOD, address.join(&path(E::PATH, parameters))?, request, &caller)?;
        *request.timeout_mut() = Some(limit);
        answer::read(self.exchange(request).await?).await
    }

    /// As [`Central::call_within`], for what answers with text.
    pub(crate) async fn text<E>(
        &self,
        address: &Address,
        parameters: &[&str],
        request: &E::Request,
        caller: Caller<'_>,
        limit: Duration,
    ) -> Result<String, CentralError>
    where
        E: Endpoint,
        E::Request: Serialize,
    {
        let mut request = build(E::METHOD, address.join(&path(E::PATH, parameters))?, request, &caller)?;
        *request.timeout_mut() = Some(limit);
        answer::read_text(self.exchange(request).await?).await
    }

    /// As [`Central::call`], for what answers with bytes.
    pub(crate) async fn bytes<E>(
        &self,
        address: &Address,
        parameters: &[&str],
        request: &E::Request,
        caller: Caller<'_>,
    ) -> Result<Vec<u8>, CentralError>
    where
        E: Endpoint,
        E::Request: Serialize,
    {
        let request = build(E::METHOD, address.join(&path(E::PATH, parameters))?, request, &caller)?;
        answer::read_bytes(self.exchange(request).await?).await
    }

    async fn exchange(&self, request: reqwest::Request) -> Result<reqwest::Response, CentralError> {
        #[cfg(feature = "test-support")]
        if let Some(network) = &self.simulated {
            return network.exchange(request).await.map_err(CentralError::Unreachable);
        }
        self.send(request).await
    }

    async fn send(&self, request: reqwest::Request) -> Result<reqwest::Response, CentralError> {
        self.http().execute(request).await.map_err(|error| error::of_transport(&error))
    }
}

fn connections(app_version: &str) -> Result<reqwest::Client, CentralError> {
    reqwest::Client::builder()
        .user_agent(format!("counterfoil/{app_version}"))
        .connect_timeout(CONNECT_LIMIT)
        .timeout(WHOLE_LIMIT)
        // An API that redirects is another server's, and tokens do not follow.
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| CentralError::Unreachable(format!("no connection can be made: {error}")))
}

/// The request, signed or with its token.
fn build<T: Serialize>(
    method: &'static str,
    mut url: reqwest::Url,
    request: &T,
    caller: &Caller<'_>,
) -> Result<reqwest::Request, CentralError> {
    let internal = |error: &dyn std::fmt::Display| CentralError::Incompatible(format!("not sendable: {error}"));
    let content = serde_json::to_value(request).map_err(|error| internal(&error))?;
    let mut body = Vec::new();
    if method == "GET" {
        if let Some(fields) = content.as_object().filter(|fields| !fields.is_empty()) {
            let mut query = url.query_pairs_mut();
            for (name, value) in fields {
                match value {
                    serde_json::Value::String(text) => query.append_pair(name, text),
                    other => query.append_pair(name, &other.to_string()),
                };
            }
        }
    } else if !content.is_null() {
        body = serde_json::to_vec(&content).map_err(|error| internal(&error))?;
    }
    let compressed = matches!(caller, Caller::Device(..)) && body.len() >= COMPRESSED_FROM;
    if compressed {
        // The signature covers what is sent.
        body = zstd::bulk::compress(&body, COMPRESSION_LEVEL).map_err(|error| internal(&error))?;
    }
    let path_and_query = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let method = reqwest::Method::from_bytes(method.as_bytes()).map_err(|error| internal(&error))?;
    let mut request = reqwest::Request::new(method.clone(), url);
    let headers = request.headers_mut();
    match caller {
        Caller::Nobody => {}
        Caller::Session(token) => {
            let mut bearer = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|error| internal(&error))?;
            bearer.set_sensitive(true);
            headers.insert(AUTHORIZATION, bearer);
        }
        Caller::Device(device, keys) => {
            let signature = keys.sign(&message(method.as_str(), &path_and_query, &body));
            let value = |text: &str| HeaderValue::from_str(text).map_err(|error| internal(&error));
            headers.insert(DEVICE_HEADER, value(&device.to_string())?);
            headers.insert(SIGNATURE_HEADER, value(&signature)?);
        }
    }
    if !body.is_empty() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if compressed {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("zstd"));
        }
        *request.body_mut() = Some(body.into());
    }
    Ok(request)
}
