//! The portal on a socket.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State as Shared;
use axum::http::{HeaderMap, Response, header};
use futures_util::{StreamExt as _, stream};
use jiff::civil::{DateTime, date};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::answer::Answer;
use crate::fault::{Planned, Reply};
use crate::generate;
use crate::portal::{Request, State};
use crate::setup::Setup;
use crate::tables::User;

const LARGEST_BODY: usize = 4 * 1024 * 1024;

/// What the portal's clock shows until it is set.
const START: DateTime = date(2026, 11, 21).at(0, 0, 0, 0);

/// A portal that answers on a loopback port until it is dropped.
#[derive(Debug)]
pub struct FakePortal {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
}

impl FakePortal {
    /// Starts on a free port of the loopback address.
    ///
    /// # Panics
    /// When no port can be had.
    pub async fn start(setup: Setup) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        Self::serve(setup, listener)
    }

    /// Starts on this socket.
    pub fn serve(setup: Setup, listener: TcpListener) -> Self {
        let address = listener.local_addr().expect("a bound socket");
        let state = Arc::new(Mutex::new(State::new(setup, START)));
        let router = axum::Router::new().fallback(answer).with_state(state.clone());
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the portal stopped");
            }
        });
        Self { address, state, server }
    }

    /// The portal's address, without a path: `http://127.0.0.1:8088`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where its API is: `http://127.0.0.1:8088/stalker_portal/api/`.
    pub fn api(&self) -> String {
        format!("{}{}/api/", self.origin(), self.state().setup.folder)
    }

    /// Everything that it knows, to be looked at and changed.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a fault.
    pub fn plan(&self, planned: Planned) {
        self.state().faults.push(planned);
    }

    /// Forgets all faults, and gives the answers that were held back.
    pub fn heal(&self) {
        let state = &mut *self.state();
        state.faults.clear();
        state.healed.send_replace(());
    }

    /// Adds invented accounts, numbered from `first`.
    pub fn generate(&self, first: u32, count: u32) {
        let state = &mut *self.state();
        generate::accounts(&mut state.tables, &state.setup, first, count);
    }

    /// Writes its accounts to a file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep(&self, file: &Path) -> std::io::Result<()> {
        let users: Vec<User> = self.state().tables.users().cloned().collect();
        std::fs::write(file, serde_json::to_vec(&users)?)
    }

    /// Puts the accounts of a file in the place of its own.
    ///
    /// # Errors
    /// When the file cannot be read, or [`FakePortal::keep`] has not written it.
    pub fn restore(&self, file: &Path) -> std::io::Result<()> {
        let users = serde_json::from_slice(&std::fs::read(file)?)?;
        self.state().tables.replace_users(users);
        Ok(())
    }

    /// What was asked since the last time, oldest first: method and target with its body, if any.
    pub fn asked(&self) -> Vec<String> {
        let requests = std::mem::take(&mut self.state().requests);
        requests
            .into_iter()
            .map(|request| {
                let body = String::from_utf8_lossy(&request.body).into_owned();
                format!("{} {} {body}", request.method, request.target).trim_end().to_owned()
            })
            .collect()
    }
}

impl Drop for FakePortal {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(Shared(state): Shared<Arc<Mutex<State>>>, request: axum::extract::Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_BODY).await.unwrap_or_default();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let text = |name| header_text(&parts.headers, name);
    let request = Request {
        method: parts.method.as_str().to_owned(),
        target,
        authorization: text(header::AUTHORIZATION),
        accept: text(header::ACCEPT),
        content_type: text(header::CONTENT_TYPE),
        body: body.to_vec(),
    };
    let (reply, took, mut healed) = {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let healed = state.healed.subscribe();
        let (reply, took) = state.handle(&request);
        (reply, took, healed)
    };
    if !took.is_zero() {
        tokio::time::sleep(took).await;
    }
    match reply {
        Reply::Whole(answer) => whole(answer),
        Reply::Held(answer) => {
            // An error says that the portal is gone, and nobody hears of this any more.
            let _ = healed.changed().await;
            whole(answer)
        }
        Reply::Half(answer) => {
            let half = Bytes::copy_from_slice(&answer.body[..answer.body.len() / 2]);
            // Pending once, so that the half is on its way before the connection ends.
            let broken = async {
                tokio::task::yield_now().await;
                Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
            };
            let body = Body::from_stream(stream::iter([Ok(half)]).chain(stream::once(broken)));
            response(&answer, answer.body.len(), body)
        }
        Reply::Stalled(answer) => {
            let half = Bytes::copy_from_slice(&answer.body[..answer.body.len() / 2]);
            let body = Body::from_stream(stream::iter([Ok::<_, Infallible>(half)]).chain(stream::pending()));
            response(&answer, answer.body.len(), body)
        }
        // Until the client goes away.
        Reply::Silence => std::future::pending().await,
    }
}

fn whole(mut answer: Answer) -> Response<Body> {
    let body = std::mem::take(&mut answer.body);
    response(&answer, body.len(), Body::from(body))
}

fn header_text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn response(answer: &Answer, length: usize, body: Body) -> Response<Body> {
    let mut response = Response::builder()
        .status(answer.status)
        .header(header::CONTENT_TYPE, answer.content_type)
        .header(header::CONTENT_LENGTH, length);
    if let Some((name, value)) = &answer.header {
        response = response.header(*name, value);
    }
    response.body(body).expect("headers of our own")
}
