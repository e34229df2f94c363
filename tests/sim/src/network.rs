//! The network between machines and Central: bad in every way a seed asks for.
//!
//! In one process and without sockets. The client builds and signs its real request and reads the real answer, also one
//! whose body breaks off; Central's real router reads the request, also one whose body breaks off. What is not run
//! here: the bytes of HTTP's heads, TLS, and the kernel.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::Request;
use counterfoil_client::test_support::{Exchange, Network};
use counterfoil_faulty_disk::Disk;
use counterfoil_wire::signature::DEVICE_HEADER;

use crate::central::{Answer, ask};
use crate::chance::Chance;
use crate::history::History;
use crate::judge::Judge;
use crate::story::Weather;

/// Requests kept back at most; older ones are lost.
const MOST_HELD: usize = 16;

/// A request as bytes, to be delivered when the network likes.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub method: axum::http::Method,
    pub path: String,
    pub headers: axum::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Parcel {
    fn request(&self, body: Body) -> Request<Body> {
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.path.parse().unwrap_or_default();
        *request.headers_mut() = self.headers.clone();
        request
    }
}

/// What goes wrong with Central's disk, from this event on.
#[derive(Debug, Clone, Copy)]
pub enum DiskTrouble {
    PowerCut { event: u64 },
    Full { event: u64 },
}

/// What everybody in the world meets at: Central's processes, the judge beside them, and what is on its way.
#[derive(Debug)]
pub struct Street {
    routers: Mutex<Vec<Router>>,
    turn: AtomicUsize,
    judge: Mutex<Judge>,
    held: Mutex<Vec<Parcel>>,
    pub history: History,
    /// What goes wrong with Central's disk at the next push.
    central_trouble: Mutex<Option<(DiskTrouble, Disk)>>,
    /// Central lost its power in the middle of something: what should be if it had not happened.
    unsure: Mutex<Option<Judge>>,
    /// Exchanges so far; the logical time of the history.
    exchanges: AtomicUsize,
    /// Central's database changed, perhaps.
    touched: AtomicUsize,
}

impl Street {
    pub fn new(judge: Judge, history: History) -> Arc<Self> {
        Arc::new(Self {
            routers: Mutex::default(),
            turn: AtomicUsize::new(0),
            judge: Mutex::new(judge),
            held: Mutex::default(),
            history,
            central_trouble: Mutex::default(),
            unsure: Mutex::default(),
            exchanges: AtomicUsize::new(0),
            touched: AtomicUsize::new(0),
        })
    }

    pub fn judge(&self) -> MutexGuard<'_, Judge> {
        self.judge.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn serve(&self, routers: Vec<Router>) {
        *self.routers.lock().unwrap_or_else(PoisonError::into_inner) = routers;
    }

    /// The next process in turn, as a balancer would choose.
    pub fn router(&self) -> Option<Router> {
        let routers = self.routers.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        routers.get(turn % routers.len().max(1)).cloned()
    }

    pub fn trouble_central(&self, trouble: Option<(DiskTrouble, Disk)>) {
        *self.central_trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    pub fn unsure(&self) -> Option<Judge> {
        self.unsure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub fn be_unsure(&self, before: Judge) {
        *self.unsure.lock().unwrap_or_else(PoisonError::into_inner) = Some(before);
    }

    pub fn exchanges(&self) -> usize {
        self.exchanges.load(Ordering::Relaxed)
    }

    pub fn touch(&self) {
        self.touched.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether anything may have changed since this was asked.
    pub fn was_touched(&self) -> bool {
        self.touched.swap(0, Ordering::Relaxed) > 0
    }

    /// A request that was kept back.
    pub fn take_held(&self, pick: usize) -> Option<Parcel> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let len = held.len();
        (len > 0).then(|| held.remove(pick % len))
    }

    fn hold(&self, parcel: &Parcel) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= MOST_HELD {
            held.remove(0);
        }
        held.push(parcel.clone());
    }

    /// Brings a request to Central and the judge. None when Central has no power, or lost it over this.
    pub async fn deliver(&self, parcel: &Parcel) -> Option<Answer> {
        let router = self.router()?;
        let path = parcel.path.split('?').next().unwrap_or_default().to_owned();
        let is_push = path == "/api/v1/sync/push";
        let armed = {
            let mut trouble = self.central_trouble.lock().unwrap_or_else(PoisonError::into_inner);
            if is_push { trouble.take() } else { None }
        };
        match &armed {
            Some((DiskTrouble::PowerCut { event }, disk)) => disk.cut_after(*event),
            Some((DiskTrouble::Full { event }, disk)) => disk.fill_after(*event),
            None => {}
        }
        self.exchanges.fetch_add(1, Ordering::Relaxed);
        let answer = ask(router, parcel.request(Body::from(parcel.body.clone()))).await.ok()?;
        if parcel.method != axum::http::Method::GET {
            self.touch();
        }
        let dead = armed.as_ref().is_some_and(|(_, disk)| disk.is_dead());
        if let Some((_, disk)) = &armed
            && !dead
        {
            disk.mend();
        }
        let body = match parcel.headers.get("content-encoding") {
            Some(encoding) if encoding.as_bytes() == b"zstd" => {
                zstd::decode_all(parcel.body.as_slice()).unwrap_or_default()
            }
            _ => parcel.body.clone(),
        };
        let mut judge = self.judge();
        if matches!(armed, Some((DiskTrouble::Full { .. }, _))) && answer.status.is_server_error() {
            // It says that it could not: then nothing of it may have happened.
            judge.meet("central's disk full");
            return Some(answer);
        }
        if path == "/api/v1/sync/devices" && answer.status.is_success() {
            judge.enrolled(&body);
        }
        let device = parcel.headers.get(DEVICE_HEADER).and_then(|id| id.to_str().ok()).and_then(|id| judge.device(id));
        let Some(device) = device else { return Some(answer) };
        if dead {
            self.be_unsure(judge.clone());
            judge.delivered(device, &path, &body, None);
            return None;
        }
        judge.delivered(device, &path, &body, Some(&answer));
        Some(answer)
    }

    /// A request of which only the beginning arrives: Central reads it to the break.
    async fn deliver_part(&self, parcel: &Parcel, bytes: usize) {
        let Some(router) = self.router() else { return };
        self.exchanges.fetch_add(1, Ordering::Relaxed);
        let sent = Bytes::copy_from_slice(&parcel.body[..bytes.min(parcel.body.len())]);
        let broken = futures_util::stream::iter([Ok(sent), Err(std::io::Error::other("the connection broke"))]);
        let answer = ask(router, parcel.request(Body::from_stream(broken))).await;
        if answer.is_ok_and(|answer| answer.status.is_success()) && !parcel.body.is_empty() {
            self.judge().object("a request cut short is not taken", parcel.path.clone());
        }
    }
}

/// One machine's connection.
#[derive(Debug)]
pub struct Line {
    name: String,
    street: Arc<Street>,
    disk: Disk,
    weather: Mutex<Option<Chance>>,
    /// What the network did, by kind.
    met: Mutex<Vec<&'static str>>,
}

impl Line {
    pub fn new(name: String, street: Arc<Street>, disk: Disk) -> Arc<Self> {
        Arc::new(Self { name, street, disk, weather: Mutex::default(), met: Mutex::default() })
    }

    pub fn weather(&self, weather: Weather) {
        let chance = (weather.0 != 0).then(|| Chance::new(u64::from(weather.0)));
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner) = chance;
    }

    /// What the network did since this was asked.
    pub fn met(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.met.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn meet(&self, what: &'static str) {
        self.met.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    fn roll(&self) -> (u64, u64) {
        let mut weather = self.weather.lock().unwrap_or_else(PoisonError::into_inner);
        weather.as_mut().map_or((99, 0), |chance| (chance.below(16), chance.number()))
    }

    async fn exchange(self: Arc<Self>, parcel: Parcel) -> Result<reqwest::Response, String> {
        if !self.disk.event() {
            return Err("no network".into());
        }
        let (fate, number) = self.roll();
        let number = usize::try_from(number >> 8).unwrap_or(0);
        match fate {
            0 => {
                self.meet("request dropped");
                return Err("dropped".into());
            }
            1 => {
                self.meet("request held back");
                self.street.hold(&parcel);
                return Err("no answer in time".into());
            }
            2 if !parcel.body.is_empty() => {
                self.meet("request cut");
                self.street.deliver_part(&parcel, number % parcel.body.len()).await;
                return Err("broken".into());
            }
            _ => {}
        }
        if fate == 3 {
            self.meet("request twice");
            self.street.deliver(&parcel).await;
        }
        let answer = self.street.deliver(&parcel).await.ok_or("Central does not answer")?;
        if !self.disk.event() {
            return Err("no power".into());
        }
        match fate {
            4 | 5 => {
                self.meet("answer dropped");
                Err("no answer".into())
            }
            6 | 7 => {
                self.meet("answer cut");
                Ok(response(answer, Some(number)))
            }
            _ => {
                self.street.history.pulled(&self.name, &parcel.path, &answer);
                Ok(response(answer, None))
            }
        }
    }
}

/// The network as a client is given it.
#[derive(Debug, Clone)]
pub struct Plug(pub Arc<Line>);

impl Network for Plug {
    fn exchange(&self, request: reqwest::Request) -> Exchange {
        let line = Arc::clone(&self.0);
        let url = request.url();
        let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let parcel = Parcel {
            method: request.method().clone(),
            path,
            headers: request.headers().clone(),
            body: request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default().to_vec(),
        };
        let exchange: Pin<Box<dyn Future<Output = _> + Send>> = Box::pin(line.exchange(parcel));
        exchange
    }
}

/// The answer as the client's library would give it, whole or broken off after some bytes.
fn response(answer: Answer, cut: Option<usize>) -> reqwest::Response {
    let body = match cut {
        Some(number) if !answer.bytes.is_empty() => {
            let part = Bytes::copy_from_slice(&answer.bytes[..number % answer.bytes.len()]);
            let broken = futures_util::stream::iter([Ok(part), Err(std::io::Error::other("the connection broke"))]);
            reqwest::Body::wrap_stream(broken)
        }
        _ => reqwest::Body::from(answer.bytes),
    };
    let mut response = axum::http::Response::new(body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response.into()
}
