//! Live updates against a server that cuts, stalls and refuses, and a network that comes and goes.
//!
//! What is told at once is told apart from what is polled by the pauses: they are minutes here, a test's patience less.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use counterfoil_domain::feed::Cursor;
use counterfoil_domain::ids::{DeviceId, Epoch, OperatorId};
use counterfoil_domain::oplog::LogHead;
use counterfoil_wire::leases::PresentLeases;
use counterfoil_wire::push::PushRequest;
use counterfoil_wire::second_factor::SecondFactor;
use counterfoil_wire::sessions::{Audience, Me};
use futures_util::stream::unfold;
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

use super::{Rig, START, sell};
use crate::api::{self, Event, Topic};
use crate::client::Client;
use crate::device;
use crate::network::{Change, Network, Tell};
use crate::outbox::repo as log;
use crate::sync::Pace;
use crate::till::Till;

const PATIENCE: Duration = Duration::from_mins(1);
const EPOCH: Epoch = Epoch(Uuid::from_u128(0xe0));

/// What the server does with one stream.
#[derive(Debug, Clone, Copy)]
enum Play {
    /// Tells, then breaks the connection after so many bytes.
    Cut(usize),
    /// Tells so many bytes, then nothing more, like a proxy that waits for the end.
    Stall(usize),
    Refuse(StatusCode, &'static str),
}

/// Central as far as a sync needs it.
struct Stub {
    /// Where its feed stands.
    version: watch::Sender<i64>,
    /// Highest version any page brought.
    pulled: watch::Sender<i64>,
    pulls: watch::Sender<u32>,
    pushes: watch::Sender<u32>,
    streams: watch::Sender<u32>,
    /// What the next versions are told with.
    news: Mutex<VecDeque<&'static str>>,
    /// What the next streams meet; then they are good.
    plays: Mutex<VecDeque<Play>>,
    /// What the next pushes are answered; then they are taken.
    refusals: Mutex<VecDeque<(StatusCode, Option<&'static str>)>>,
    /// So many pulls are never answered.
    hangs: AtomicI64,
    /// The end of the device's log.
    head: Mutex<LogHead>,
}

impl Stub {
    async fn start(plays: impl IntoIterator<Item = Play>) -> (Arc<Self>, SocketAddr) {
        let stub = Arc::new(Self {
            version: watch::Sender::new(3),
            pulled: watch::Sender::new(0),
            pulls: watch::Sender::new(0),
            pushes: watch::Sender::new(0),
            streams: watch::Sender::new(0),
            news: Mutex::default(),
            plays: Mutex::new(plays.into_iter().collect()),
            refusals: Mutex::default(),
            hangs: AtomicI64::new(0),
            head: Mutex::new(LogHead::genesis(DeviceId(Uuid::from_u128(0xd1)))),
        });
        let router = Router::new()
            .route("/api/v1/sync/push", post(push))
            .route("/api/v1/sync/pull", get(pull))
            .route("/api/v1/sync/live", get(live))
            .route("/api/v1/sync/log", get(log_tail))
            .route("/api/v1/sync/leases/present", post(present))
            .fallback(not_found)
            .with_state(Arc::clone(&stub));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("listens");
        let address = listener.local_addr().expect("address");
        tokio::spawn(async move { axum::serve(listener, router).await });
        (stub, address)
    }

    /// Waits until a figure of the server has grown beyond what it was.
    async fn beyond<T: PartialOrd + Send + Sync>(figure: &watch::Sender<T>, before: T) {
        let mut figure = figure.subscribe();
        let grown = tokio::time::timeout(PATIENCE, figure.wait_for(|now| *now > before)).await;
        grown.expect("it happens in time").expect("the server lives");
    }
}

async fn push(State(stub): State<Arc<Stub>>, Json(request): Json<PushRequest>) -> Response {
    stub.pushes.send_modify(|pushes| *pushes += 1);
    if let Some((status, retry_after)) = stub.refusals.lock().expect("refusals").pop_front() {
        let after = retry_after.map(|after| [(header::RETRY_AFTER, after)]);
        return (status, after, "no").into_response();
    }
    let head = request.ops.iter().fold(request.base, |head, op| head.extend(op.as_bytes()));
    *stub.head.lock().expect("head") = head;
    let version = *stub.version.borrow();
    let results: Vec<Value> = (request.base.seq + 1..=head.seq)
        .map(|op_seq| json!({ "op_seq": op_seq, "outcome": "applied", "version": version }))
        .collect();
    Json(json!({ "head": head, "results": results, "backup_watermark": 0, "server_time": START })).into_response()
}

async fn log_tail(State(stub): State<Arc<Stub>>) -> Response {
    Json(json!({ "head": *stub.head.lock().expect("head"), "epoch": EPOCH, "ops": [] })).into_response()
}

async fn present(Json(request): Json<PresentLeases>) -> Response {
    let standings = vec!["known"; request.leases.len()];
    Json(json!({ "standings": standings, "version": 0 })).into_response()
}

async fn not_found() -> Response {
    let problem = r#"{"type":"about:blank","title":"t","status":404,"detail":"nothing is here","code":"not_found"}"#;
    (StatusCode::NOT_FOUND, problem).into_response()
}

async fn pull(State(stub): State<Arc<Stub>>) -> Response {
    stub.pulls.send_modify(|pulls| *pulls += 1);
    if stub.hangs.fetch_sub(1, Ordering::SeqCst) > 0 {
        std::future::pending::<()>().await;
    }
    let version = *stub.version.borrow();
    stub.pulled.send_replace(version);
    let cursor = Cursor::after_version(EPOCH, version).to_text();
    Json(json!({ "changes": [], "cursor": cursor, "version": version, "more": false, "server_time": START }))
        .into_response()
}

fn head(version: i64) -> String {
    format!("event: head\ndata: {{\"epoch\":\"{EPOCH}\",\"version\":{version}}}\n\n")
}

async fn live(State(stub): State<Arc<Stub>>) -> Response {
    stub.streams.send_modify(|streams| *streams += 1);
    let play = stub.plays.lock().expect("plays").pop_front();
    let versions = stub.version.subscribe();
    let (cut, stall) = match play {
        Some(Play::Refuse(status, body)) => return (status, body).into_response(),
        Some(Play::Cut(at)) => (Some(at), false),
        Some(Play::Stall(at)) => (Some(at), true),
        None => (None, false),
    };
    let body = match cut {
        None => Body::from_stream(unfold((versions, true, stub), async |(mut versions, first, stub)| {
            if !first {
                versions.changed().await.ok()?;
            }
            let news = if first { None } else { stub.news.lock().expect("news").pop_front() };
            let mut text = head(*versions.borrow_and_update());
            if let Some(news) = news {
                text = text.replace('}', &format!(",\"news\":{news}}}"));
            }
            Some((Ok::<_, Infallible>(Bytes::from(text)), (versions, false, stub)))
        })),
        Some(at) => {
            let text = format!(": hello\n\nretry: 2000\n{}", head(*versions.borrow()));
            let start = Bytes::from(text.into_bytes()[..at].to_vec());
            Body::from_stream(unfold(Some(start), move |start| async move {
                match start {
                    Some(start) => Some((Ok(start), None)),
                    None if stall => std::future::pending().await,
                    None => Some((Err(std::io::Error::other("cut")), None)),
                }
            }))
        }
    };
    ([(header::CONTENT_TYPE, "text/event-stream")], body).into_response()
}

/// A network that a test makes come and go.
#[derive(Default)]
struct FakeNetwork(Mutex<Option<Tell>>);

impl std::fmt::Debug for FakeNetwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FakeNetwork")
    }
}

impl FakeNetwork {
    fn tell(&self, change: Change) {
        self.0.lock().expect("network").as_ref().expect("watched")(change);
    }
}

impl Network for Arc<FakeNetwork> {
    fn watch(&self, tell: Tell) -> Result<Box<dyn Send>, String> {
        *self.0.lock().expect("network") = Some(tell);
        Ok(Box::new(()))
    }
}

/// A system that tells nothing.
#[derive(Debug)]
struct BlindNetwork;

impl Network for BlindNetwork {
    fn watch(&self, _: Tell) -> Result<Box<dyn Send>, String> {
        Err("not permitted".into())
    }
}

fn pace() -> Pace {
    Pace {
        silence: Duration::from_millis(400),
        steady: Duration::ZERO,
        settle: Duration::from_millis(5),
        clocks: Duration::from_millis(20),
    }
}

/// A device enrolled at the stub, syncing by itself, with a stream that is never too silent.
async fn till_at(address: SocketAddr, network: Arc<dyn Network>, pace: Pace) -> (Rig, Arc<Client>, Arc<Till>) {
    let rig = Rig::at(format!("http://{address}"));
    let client = rig.open_with(network, pace).await;
    let till = client.till().expect("open");
    rig.enrol(&till).await;
    rig.grant(&till, 1, 300, 128).await;
    till.sync.wake();
    (rig, client, till)
}

fn patient() -> Pace {
    Pace { silence: PATIENCE, ..pace() }
}

/// Waits for a status as the UI is told of it.
async fn until_status(client: &Arc<Client>, what: &str, is_so: impl Fn(&Value) -> bool) {
    let mut events = client.events();
    let waiting = async {
        while !is_so(&api::call(client, "status", Value::Null).await.expect("status")) {
            let _ = events.next().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("waited in vain: {what}"));
}

async fn unsent(till: &Till) -> u32 {
    log::counts(&mut till.read().await.expect("db")).await.expect("counts").0
}

#[tokio::test]
async fn what_is_told_is_pulled_at_once_and_a_sale_pushed_at_once() {
    let (stub, address) = Stub::start([]).await;
    let (_rig, client, till) = till_at(address, Arc::new(Arc::<FakeNetwork>::default()), patient()).await;
    until_status(&client, "live", |status| status["updates"] == "live").await;
    stub.version.send_replace(9);
    Stub::beyond(&stub.pulled, 8).await;
    // PowerSync native#15: the operation leaves without waiting for the next poll.
    let before = *stub.pushes.borrow();
    sell(&till, 1, 1).await.expect("sold");
    Stub::beyond(&stub.pushes, before).await;
    until_status(&client, "sent", |status| status["unsent"] == 0).await;
    assert_eq!(*stub.streams.borrow(), 1, "one stream serves for all");
    tokio::time::timeout(PATIENCE, client.shutdown()).await.expect("an open stream does not hold a shutdown");
}

#[tokio::test]
async fn what_changed_at_central_alone_is_told_to_the_pages() {
    let (stub, address) = Stub::start([]).await;
    let (_rig, client, _till) = till_at(address, Arc::new(BlindNetwork), patient()).await;
    until_status(&client, "live", |status| status["updates"] == "live").await;
    until_status(&client, "at rest", |status| status["syncing"] == false).await;
    let mut events = client.events();
    for (version, news) in [(9, r#"["payouts","weather"]"#), (10, r#"["earnings"]"#)] {
        stub.news.lock().expect("news").push_back(news);
        stub.version.send_replace(version);
        Stub::beyond(&stub.pulled, version - 1).await;
    }
    let known = [Topic::Applications, Topic::Earnings, Topic::Payouts, Topic::TopUps].map(Event::Changed);
    for news in [Topic::Payouts, Topic::Earnings].map(Event::Changed) {
        let next = async {
            loop {
                let event = events.next().await.expect("an event");
                if known.contains(&event) {
                    break event;
                }
            }
        };
        assert_eq!(tokio::time::timeout(PATIENCE, next).await.expect("told in time"), news);
    }
    client.shutdown().await;
}

/// The stream of a shop's device tells what the shop may hear, which is less than staff may.
#[tokio::test]
async fn staff_at_a_shops_till_are_told_by_asking() {
    let (_stub, address) = Stub::start([]).await;
    let (_rig, client, till) = till_at(address, Arc::new(BlindNetwork), patient()).await;
    until_status(&client, "live", |status| status["updates"] == "live").await;
    let staff = Me {
        user_id: Uuid::from_u128(4),
        username: "desk".into(),
        audience: Audience::Admin,
        role: "admin".into(),
        operator_id: OperatorId(Uuid::from_u128(1)),
        reseller_id: None,
        reseller_name: None,
        must_change_password: false,
        second_factor: SecondFactor::default(),
    };
    let mut transaction = till.store().write_local().await.expect("transaction");
    device::repo::save_member(&mut transaction, &staff).await.expect("saved");
    transaction.commit().await.expect("committed");
    let mut events = client.events();
    till.sync.wake();
    let told = async { while events.next().await.expect("an event") != Event::Changed(Topic::Applications) {} };
    tokio::time::timeout(PATIENCE, told).await.expect("a run tells what the stream does not");
    until_status(&client, "polling", |status| status["updates"] == "polling").await;
    client.shutdown().await;
}

/// PowerSync native#15: an upload that failed is tried again without a further local write.
#[tokio::test]
async fn a_failed_upload_goes_again_by_itself() {
    let (stub, address) = Stub::start([]).await;
    let failures = [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::BAD_GATEWAY];
    stub.refusals.lock().expect("refusals").extend(failures.map(|status| (status, None)));
    let (_rig, client, till) = till_at(address, Arc::new(BlindNetwork), patient()).await;
    sell(&till, 1, 2).await.expect("sold");
    Stub::beyond(&stub.pushes, 2).await;
    until_status(&client, "sent", |status| status["unsent"] == 0).await;
    assert_eq!(unsent(&till).await, 0);
    client.shutdown().await;
}

#[tokio::test]
async fn a_stream_cut_or_stalled_anywhere_is_opened_again() {
    let whole = format!(": hello\n\nretry: 2000\n{}", head(3)).len();
    let cuts = [0, 1, 9, whole / 2, whole - 2, whole - 1, whole];
    let plays = cuts.into_iter().enumerate().map(|(n, at)| if n % 2 == 0 { Play::Cut(at) } else { Play::Stall(at) });
    let (stub, address) = Stub::start(plays).await;
    // Good streams are silent here as well: they come again and again, and what is told between still arrives.
    let (_rig, client, till) = till_at(address, Arc::new(BlindNetwork), pace()).await;
    sell(&till, 1, 1).await.expect("sold");
    Stub::beyond(&stub.streams, u32::try_from(cuts.len()).expect("few")).await;
    stub.version.send_replace(40);
    Stub::beyond(&stub.pulled, 39).await;
    until_status(&client, "sent", |status| status["unsent"] == 0).await;
    client.shutdown().await;
}

#[tokio::test]
async fn without_streams_the_till_polls_and_says_so() {
    let strange = [
        Play::Refuse(StatusCode::NOT_FOUND, "<html>no such page</html>"),
        Play::Refuse(StatusCode::OK, "welcome to the router"),
        Play::Refuse(StatusCode::SERVICE_UNAVAILABLE, ""),
    ];
    let refusal = r#"{"type":"about:blank","title":"t","status":403,"detail":"not you","code":"reseller_suspended"}"#;
    let plays = strange.into_iter().chain([Play::Refuse(StatusCode::FORBIDDEN, refusal)]);
    let (stub, address) = Stub::start(plays).await;
    let (_rig, client, till) = till_at(address, Arc::new(BlindNetwork), pace()).await;
    Stub::beyond(&stub.streams, 3).await;
    until_status(&client, "polling", |status| status["updates"] == "polling").await;
    let before = *stub.pulls.borrow();
    sell(&till, 1, 1).await.expect("sold");
    Stub::beyond(&stub.pulls, before).await;
    until_status(&client, "sent", |status| status["unsent"] == 0).await;
    assert_eq!(*stub.streams.borrow(), 4, "refused, it asks again in minutes only");
    client.shutdown().await;
}

#[tokio::test]
async fn patience_asked_for_is_kept_by_a_sale_and_ends_with_a_new_network() {
    let (stub, address) = Stub::start([]).await;
    let network = Arc::<FakeNetwork>::default();
    stub.refusals.lock().expect("refusals").push_back((StatusCode::SERVICE_UNAVAILABLE, Some("3600")));
    let (_rig, client, till) = till_at(address, Arc::new(Arc::clone(&network)), patient()).await;
    sell(&till, 1, 1).await.expect("sold");
    // Before the first answer it is offline, too.
    Stub::beyond(&stub.pushes, 0).await;
    until_status(&client, "offline", |status| status["updates"] == "offline").await;
    sell(&till, 2, 1).await.expect("sold");
    assert_eq!(*stub.pushes.borrow(), 1);
    network.tell(Change::Appeared);
    until_status(&client, "sent", |status| status["unsent"] == 0).await;
    // One request for both sales: the second did not knock by itself.
    assert_eq!(*stub.pushes.borrow(), 2);
    client.shutdown().await;
}

#[tokio::test]
async fn a_lost_network_ends_what_hangs_on_it() {
    let (stub, address) = Stub::start([]).await;
    stub.hangs.store(1, Ordering::SeqCst);
    let network = Arc::<FakeNetwork>::default();
    let (_rig, client, _till) = till_at(address, Arc::new(Arc::clone(&network)), patient()).await;
    Stub::beyond(&stub.pulls, 0).await;
    network.tell(Change::Lost);
    // The answer that never comes would have been waited for half a minute, and the stream not opened before.
    Stub::beyond(&stub.pulled, 0).await;
    until_status(&client, "live", |status| status["updates"] == "live").await;
    let before = *stub.streams.borrow();
    network.tell(Change::Lost);
    Stub::beyond(&stub.streams, before).await;
    client.shutdown().await;
}

#[tokio::test]
async fn waking_from_sleep_syncs_at_once() {
    let (stub, address) = Stub::start([]).await;
    let (rig, client, _till) = till_at(address, Arc::new(BlindNetwork), patient()).await;
    until_status(&client, "live", |status| status["updates"] == "live").await;
    until_status(&client, "at rest", |status| status["syncing"] == false).await;
    let (pulls, streams) = (*stub.pulls.borrow(), *stub.streams.borrow());
    // The wall clock went on; the other stood still with the machine.
    rig.clock.set_wall(START.plus_ms(3_600_000));
    Stub::beyond(&stub.pulls, pulls).await;
    Stub::beyond(&stub.streams, streams).await;
    client.shutdown().await;
}
