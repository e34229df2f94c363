//! The network between machines and Central: bad in every way a seed asks for.
//!
//! In one process and without sockets. The client builds and signs its real request and reads the real answer, also one
//! whose body breaks off; Central's real router reads the request, also one whose body breaks off. What is not run
//! here: the bytes of HTTP's heads, TLS, and the kernel.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use counterfoil_client::test_support::{Exchange, Network};
use counterfoil_faulty_disk::Disk;
use counterfoil_wire::signature::DEVICE_HEADER;

use crate::central::{Answer, ask};
use crate::chance::Chance;
use crate::history::History;
use crate::judge::Judge;
use crate::market::door;
use crate::story::Weather;

/// Requests kept back at most; older ones are lost.
const MOST_HELD: usize = 16;

/// A request as bytes, to be delivered when the network likes.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub method: Method,
    pub path: String,
    pub headers: axum::http::HeaderMap,
    pub body: Vec<u8>,
    /// Where it comes from, if that counts.
    pub peer: Option<SocketAddr>,
}

impl Parcel {
    fn request(&self, body: Body) -> Request<Body> {
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.path.parse().unwrap_or_default();
        *request.headers_mut() = self.headers.clone();
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        request
    }

    /// What opens the session it is of; nothing for a customer's.
    fn token(&self) -> &str {
        let value = self.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        value.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default()
    }
}

/// What becomes of one exchange on its way: the same number, the same fate.
#[derive(Debug, Clone, Copy)]
struct Luck {
    fate: u64,
    number: usize,
}

/// What becomes of an answer on its way back.
enum Back {
    Whole,
    Lost,
    /// After some of its bytes.
    Cut(usize),
}

impl Luck {
    const FAIR: Self = Self { fate: 99, number: 0 };

    fn roll(chance: &mut Chance) -> Self {
        let (fate, number) = (chance.below(16), chance.number());
        Self { fate, number: usize::try_from(number >> 8).unwrap_or(0) }
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
    /// What goes wrong with Central's disk at the next push, or at the next step of an order.
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
        let is_order = parcel.method != Method::GET && door::is_about_orders(&path);
        let armed = {
            let mut trouble = self.central_trouble.lock().unwrap_or_else(PoisonError::into_inner);
            if is_order || path == "/api/v1/sync/push" { trouble.take() } else { None }
        };
        match &armed {
            Some((DiskTrouble::PowerCut { event }, disk)) => disk.cut_after(*event),
            Some((DiskTrouble::Full { event }, disk)) => disk.fill_after(*event),
            None => {}
        }
        self.exchanges.fetch_add(1, Ordering::Relaxed);
        let answer = ask(router, parcel.request(Body::from(parcel.body.clone()))).await.ok()?;
        if parcel.method != Method::GET {
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
        let answer = if dead {
            self.be_unsure(judge.clone());
            None
        } else {
            Some(answer)
        };
        let device = parcel.headers.get(DEVICE_HEADER).and_then(|id| id.to_str().ok()).and_then(|id| judge.device(id));
        match device {
            Some(device) => judge.delivered(device, &path, &body, answer.as_ref()),
            None if is_order => {
                let asker = judge.market.desk(parcel.token());
                judge.ordered(asker, &path, &body, answer.as_ref());
            }
            None => {}
        }
        answer
    }

    /// Brings a request to Central, or not, or twice. An error says what its sender learns of it.
    async fn bring(&self, parcel: &Parcel, luck: Luck) -> Result<Answer, &'static str> {
        match luck.fate {
            0 => {
                self.judge().meet("request dropped");
                return Err("dropped");
            }
            1 => {
                self.judge().meet("request held back");
                self.hold(parcel);
                return Err("no answer in time");
            }
            2 if !parcel.body.is_empty() => {
                self.judge().meet("request cut");
                self.deliver_part(parcel, luck.number % parcel.body.len()).await;
                return Err("broken");
            }
            3 => {
                self.judge().meet("request twice");
                self.deliver(parcel).await;
            }
            _ => {}
        }
        self.deliver(parcel).await.ok_or("Central does not answer")
    }

    /// How an answer comes back.
    fn bring_back(&self, luck: Luck) -> Back {
        match luck.fate {
            4 | 5 => {
                self.judge().meet("answer dropped");
                Back::Lost
            }
            6 | 7 => {
                self.judge().meet("answer cut");
                Back::Cut(luck.number)
            }
            _ => Back::Whole,
        }
    }

    /// An exchange of somebody without a machine of this story. None: nobody saw a whole answer.
    pub async fn exchange(&self, parcel: &Parcel, weather: Weather) -> Option<Answer> {
        let luck = weather.chance().map_or(Luck::FAIR, |mut chance| Luck::roll(&mut chance));
        let answer = self.bring(parcel, luck).await.ok()?;
        matches!(self.bring_back(luck), Back::Whole).then_some(answer)
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
}

impl Line {
    pub fn new(name: String, street: Arc<Street>, disk: Disk) -> Arc<Self> {
        Arc::new(Self { name, street, disk, weather: Mutex::default() })
    }

    pub fn weather(&self, weather: Weather) {
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner) = weather.chance();
    }

    fn roll(&self) -> Luck {
        let mut weather = self.weather.lock().unwrap_or_else(PoisonError::into_inner);
        weather.as_mut().map_or(Luck::FAIR, Luck::roll)
    }

    async fn exchange(self: Arc<Self>, parcel: Parcel) -> Result<reqwest::Response, String> {
        if !self.disk.event() {
            return Err("no network".into());
        }
        let luck = self.roll();
        let answer = self.street.bring(&parcel, luck).await?;
        if !self.disk.event() {
            return Err("no power".into());
        }
        match self.street.bring_back(luck) {
            Back::Lost => Err("no answer".into()),
            Back::Cut(number) => Ok(response(answer, Some(number))),
            Back::Whole => {
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
            peer: None,
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
