//! Central as far as a sync needs it, with faults at will: rows, a log, leases, a ready-made file.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use counterfoil_cache::{Fill, SCHEMA};
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::digest::Digests;
use counterfoil_domain::feed::{Cursor, FeedTable};
use counterfoil_domain::ids::{AccountId, DeviceId, Epoch};
use counterfoil_domain::oplog::{Arrival, Known, LogError, LogHead, OpOutcome, RejectCode, accept};
use counterfoil_wire::accounts::Account;
use counterfoil_wire::audit::{CheckpointVerdict, CheckpointsJudged, JudgedCheckpoint, TellCheckpoints};
use counterfoil_wire::leases::PresentLeases;
use counterfoil_wire::pull::{AUDIT_HEADER, ChainHead, Change, FeedRow, Gone, PullPage, PullQuery, TIME_HEADER};
use counterfoil_wire::push::{LogQuery, LogTail, LoggedOp, OpResult, PushRequest, PushResponse};
use counterfoil_wire::snapshot::{CHUNK_BYTES, SnapshotManifest};
use futures_util::stream::unfold;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Rig, START};
use crate::client::Client;
use crate::outbox::repo as log;
use crate::sync;
use crate::till::Till;

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It never arrives.
    Unheard,
    /// It is done, and the answer is lost.
    Unanswered,
    /// Nothing comes, ever.
    Hang,
}

#[derive(Debug, Clone)]
pub(super) struct Logged {
    pub(super) seq: u32,
    /// None at the end of a declared loss.
    pub(super) text: Option<String>,
    pub(super) head: LogHead,
}

/// Everything it knows, and everything that is to go wrong.
pub(super) struct World {
    pub(super) epoch: Epoch,
    pub(super) version: i64,
    /// Each row at its newest version; none once it is gone.
    pub(super) rows: BTreeMap<Uuid, (i64, Option<Account>)>,
    pub(super) log: Vec<Logged>,
    pub(super) watermark: u32,
    /// The hashes of its audit, from line 1 on.
    pub(super) audit: Vec<String>,
    pub(super) lost_leases: bool,
    /// Refuses every operation, as a business would.
    pub(super) rejects: bool,
    /// Pulls answered with nothing at all.
    pub(super) unchanged: u32,
    pub(super) page: usize,
    /// Its digests are of other rows.
    pub(super) wrong_digests: bool,
    pub(super) file: Option<(SnapshotManifest, Vec<u8>)>,
    /// It is being made: so many questions are answered "later".
    pub(super) later: u32,
    /// The next answers with bytes break off after so many.
    pub(super) cuts: VecDeque<usize>,
    /// Where the device collects them.
    pub(super) part: PathBuf,
    /// So many answers carry a wrong byte.
    pub(super) damaged: u32,
    /// By the number of the request, counted from the first.
    pub(super) faults: BTreeMap<usize, Fault>,
    /// `GET /api/v1/…` with the range, in order.
    pub(super) requests: Vec<String>,
}

#[derive(Clone)]
pub(super) struct StandIn(Arc<Mutex<World>>);

impl StandIn {
    /// Serves until the test ends.
    pub(super) async fn start() -> (Self, SocketAddr) {
        let world = World {
            epoch: Epoch(Uuid::from_u128(0xe1)),
            version: 0,
            rows: BTreeMap::new(),
            log: Vec::new(),
            watermark: 0,
            audit: Vec::new(),
            lost_leases: false,
            rejects: false,
            unchanged: 0,
            page: 2_000,
            wrong_digests: false,
            file: None,
            later: 0,
            cuts: VecDeque::new(),
            part: PathBuf::new(),
            damaged: 0,
            faults: BTreeMap::new(),
            requests: Vec::new(),
        };
        let central = Self(Arc::new(Mutex::new(world)));
        let router = Router::new()
            .route("/api/v1/sync/push", post(push))
            .route("/api/v1/sync/pull", get(pull))
            .route("/api/v1/sync/audit", post(checkpoints))
            .route("/api/v1/sync/log", get(log_tail))
            .route("/api/v1/sync/leases/present", post(present))
            .route("/api/v1/sync/snapshot", get(manifest))
            .route("/api/v1/sync/snapshot/{id}", get(bytes))
            .route("/api/v1/sync/leases", post(no_credit))
            .fallback(not_found)
            .layer(axum::middleware::from_fn_with_state(central.clone(), faulty))
            .with_state(central.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("listens");
        let address = listener.local_addr().expect("address");
        tokio::spawn(async move { axum::serve(listener, router).await });
        (central, address)
    }

    /// With a device enrolled at it, which holds a lease and syncs only when it is asked to.
    pub(super) async fn with_till() -> (Self, Rig, Arc<Client>, Arc<Till>) {
        let (central, address) = Self::start().await;
        let rig = Rig::at(format!("http://{address}"));
        central.world().part = rig.folder.path().join("snapshot.part");
        let client = rig.open().await;
        let till = client.till().expect("open");
        till.sync.stop();
        rig.enrol(&till).await;
        rig.grant(&till, 1, 300, 128).await;
        (central, rig, client, till)
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().expect("the world")
    }

    /// Changes an account, or ends it.
    pub(super) fn set(&self, key: u128, username: Option<&str>) {
        let mut world = self.world();
        world.version += 1;
        let version = world.version;
        let account = username.map(|username| Account {
            account_id: AccountId(Uuid::from_u128(key)),
            version: 1,
            reseller_id: None,
            username: username.into(),
            email: None,
            mac: None,
            notes: String::new(),
            status: AccountStatus::Active,
            plan_id: None,
            plan_name: None,
            price: None,
            last_day: None,
            ends_at: None,
            max_connections: 1,
            created_at: counterfoil_domain::time::Timestamp(0),
        });
        world.rows.insert(Uuid::from_u128(key), (version, account));
    }

    pub(super) fn fill(&self, keys: std::ops::Range<u128>) {
        for key in keys {
            self.set(key, Some(&format!("account-{key}")));
        }
    }

    /// Makes the ready-made file of what is there now, some chunks long.
    pub(super) async fn make_file(&self) {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("made.db");
        let (rows, cursor, version, epoch) = {
            let world = self.world();
            (world.changes(), Cursor::after_version(world.epoch, world.version).to_text(), world.version, world.epoch)
        };
        let mut fill = Fill::begin(&path).await.expect("begun");
        fill.put(&rows).await.expect("put");
        fill.finish(&cursor, version).await.expect("finished");
        let plain = std::fs::read(&path).expect("made");
        // A frame that is skipped makes it longer than its few rows.
        let padding: Vec<u8> = (0..2_600_000_u32).map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes()[1]).collect();
        let mut packed = 0x184D_2A50_u32.to_le_bytes().to_vec();
        packed.extend_from_slice(&u32::try_from(padding.len()).expect("short").to_le_bytes());
        packed.extend_from_slice(&padding);
        packed.extend_from_slice(&zstd::encode_all(&plain[..], 3).expect("packed"));
        let hash = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));
        let manifest = SnapshotManifest {
            snapshot_id: Uuid::from_u128(u128::from(version.unsigned_abs()) + 0x5a),
            epoch,
            version,
            schema: SCHEMA,
            cursor,
            rows: rows.len() as u64,
            plain_size: plain.len() as u64,
            plain_sha256: hash(&plain),
            size: packed.len() as u64,
            sha256: hash(&packed),
            chunk_size: CHUNK_BYTES,
            chunks: packed.chunks(CHUNK_BYTES as usize).map(hash).collect(),
        };
        assert!(manifest.is_consistent() && manifest.chunks.len() == 3);
        self.world().file = Some((manifest, packed));
    }

    /// As a backup holds it: the log up to `seq`, another epoch.
    pub(super) fn restore(&self, seq: u32) {
        let mut world = self.world();
        world.epoch = Epoch(Uuid::from_u128(world.epoch.0.as_u128() + 1));
        world.log.retain(|logged| logged.seq <= seq);
        world.lost_leases = true;
    }

    /// How often a request was made whose text begins so.
    pub(super) fn count(&self, beginning: &str) -> usize {
        self.world().requests.iter().filter(|request| request.starts_with(beginning)).count()
    }

    pub(super) fn forget_requests(&self) {
        self.world().requests.clear();
    }

    /// What every device should see.
    pub(super) fn usernames(&self) -> BTreeSet<String> {
        self.world().rows.values().filter_map(|(_, row)| Some(row.as_ref()?.username.clone())).collect()
    }
}

impl World {
    pub(super) fn head(&self) -> LogHead {
        self.log.last().map_or_else(|| LogHead::genesis(DeviceId(Uuid::from_u128(0xd1))), |last| last.head)
    }

    fn known_at(&self, seq: u32) -> Option<Known> {
        if seq == 0 {
            return Some(Known { hash: LogHead::genesis(DeviceId(Uuid::from_u128(0xd1))).hash, lost: false });
        }
        let logged = self.log.iter().find(|logged| logged.seq == seq)?;
        Some(Known { hash: logged.head.hash, lost: logged.text.is_none() })
    }

    fn put(&mut self, logged: Logged) {
        self.log.retain(|other| other.seq != logged.seq);
        self.log.push(logged);
        self.log.sort_by_key(|logged| logged.seq);
    }

    /// Numbers of the operations it has, in order.
    pub(super) fn numbers(&self) -> Vec<u32> {
        self.log.iter().filter(|logged| logged.text.is_some()).map(|logged| logged.seq).collect()
    }

    fn changes(&self) -> Vec<Change> {
        let live = self
            .rows
            .values()
            .filter_map(|(version, row)| Some(Change { version: *version, row: FeedRow::Account(row.clone()?) }));
        live.collect()
    }

    fn digests(&self) -> Digests {
        let mut digests = Digests::default();
        for (key, (version, row)) in &self.rows {
            if row.is_some() {
                digests.add(FeedTable::Account, *key, *version);
            }
        }
        if self.wrong_digests {
            digests.add(FeedTable::Plan, Uuid::from_u128(1), 1);
        }
        digests
    }
}

fn problem(status: StatusCode, code: &str) -> Response {
    problem_with(status, &json!({ "code": code }))
}

async fn not_found() -> Response {
    problem(StatusCode::NOT_FOUND, "not_found")
}

/// Nobody gets another lease here.
async fn no_credit() -> Response {
    problem(StatusCode::CONFLICT, "insufficient_credit")
}

fn problem_with(status: StatusCode, more: &serde_json::Value) -> Response {
    let mut body = json!({ "type": "about:blank", "title": "t", "status": status.as_u16(), "detail": "no" });
    for (name, value) in more.as_object().expect("an object") {
        body[name] = value.clone();
    }
    (status, Json(body)).into_response()
}

/// Notes each request, and lets what was planned go wrong.
async fn faulty(
    State(central): State<StandIn>,
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    let range = request.headers().get(header::RANGE).and_then(|range| range.to_str().ok()).unwrap_or_default();
    let note = format!("{} {} {range}", request.method(), request.uri().path());
    let fault = {
        let mut world = central.world();
        world.requests.push(note);
        let number = world.requests.len();
        world.faults.remove(&number)
    };
    match fault {
        None => next.run(request).await,
        Some(Fault::Hang) => std::future::pending().await,
        Some(Fault::Unheard) => broken(),
        Some(Fault::Unanswered) => {
            let _ = next.run(request).await;
            broken()
        }
    }
}

/// An answer that breaks off.
fn broken() -> Response {
    let body =
        unfold(true, |first| async move { first.then(|| (Err::<Bytes, _>(std::io::Error::other("cut")), false)) });
    Body::from_stream(body).into_response()
}

fn is_epoch(world: &World, epoch: Option<Epoch>) -> bool {
    epoch.is_none_or(|epoch| epoch == world.epoch)
}

async fn push(State(central): State<StandIn>, headers: HeaderMap, body: Bytes) -> Response {
    let body = match headers.get(header::CONTENT_ENCODING) {
        Some(_) => zstd::decode_all(&body[..]).expect("zstd"),
        None => body.to_vec(),
    };
    let request: PushRequest = serde_json::from_slice(&body).expect("a push");
    let mut world = central.world();
    if !is_epoch(&world, request.epoch) {
        return problem(StatusCode::CONFLICT, "epoch_changed");
    }
    let accepted = match accept(world.head(), request.base, request.lost, &request.ops, |seq| world.known_at(seq)) {
        Ok(accepted) => accepted,
        Err(LogError::Gap { .. }) => {
            return problem_with(StatusCode::CONFLICT, &json!({ "code": "log_gap", "head": world.head() }));
        }
        Err(LogError::Fork { .. }) => return problem(StatusCode::CONFLICT, "device_forked"),
    };
    let mut at = request.base;
    if let Some(lost) = request.lost {
        at = lost.through;
        if accepted.lost.is_some() {
            world.put(Logged { seq: at.seq, text: None, head: at });
        }
    }
    let mut results = Vec::new();
    for (text, arrival) in request.ops.into_iter().zip(accepted.arrivals) {
        at = at.extend(text.as_bytes());
        if arrival != Arrival::Repeat {
            world.version += 1;
            world.put(Logged { seq: at.seq, text: Some(text), head: at });
        }
        let outcome =
            if world.rejects { OpOutcome::Rejected { code: RejectCode::LeaseUnknown } } else { OpOutcome::Applied };
        results.push(OpResult { op_seq: at.seq, outcome, version: world.version });
    }
    let answer = PushResponse { head: world.head(), results, backup_watermark: world.watermark, server_time: START };
    Json(answer).into_response()
}

async fn pull(State(central): State<StandIn>, headers: HeaderMap, Query(query): Query<PullQuery>) -> Response {
    let mut world = central.world();
    let cursor = match query.cursor.as_deref().map(Cursor::from_text) {
        None => Cursor::start(world.epoch),
        // Of another time, or ahead of everything.
        Some(Ok(cursor)) if cursor.epoch == world.epoch && cursor.version <= world.version => cursor,
        Some(_) => return problem(StatusCode::GONE, "cursor_expired"),
    };
    let mut rows: Vec<_> = world.rows.iter().map(|(key, (version, row))| (*version, *key, row)).collect();
    rows.sort_by_key(|(version, key, _)| (*version, *key));
    let mut behind = rows.into_iter().filter(|(version, key, _)| cursor.is_before(*version, FeedTable::Account, *key));
    let some: Vec<_> = behind.by_ref().take(world.page).collect();
    let more = behind.next().is_some();
    let end = match some.last() {
        Some((version, key, _)) if more => {
            Cursor { epoch: world.epoch, version: *version, table: FeedTable::Account, key: *key }
        }
        _ => Cursor::after_version(world.epoch, world.version),
    };
    let changes = some.into_iter().map(|(version, key, row)| Change {
        version,
        row: row.clone().map_or(FeedRow::Gone(Gone { of: FeedTable::Account, key }), FeedRow::Account),
    });
    let page = PullPage {
        changes: changes.collect(),
        cursor: end.to_text(),
        version: if more { end.version - 1 } else { world.version },
        more,
        digests: (!more).then(|| world.digests()),
        backup_watermark: (!more).then_some(world.watermark),
        audit: world
            .audit
            .last()
            .filter(|_| !more)
            .map(|hash| ChainHead { seq: i64::try_from(world.audit.len()).expect("few"), hash: hash.clone() }),
        server_time: START,
    };
    if more || !page.changes.is_empty() {
        return Json(page).into_response();
    }
    let tag = format!("\"{}-{:?}-{:?}\"", page.cursor, page.digests, page.backup_watermark);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        world.unchanged += 1;
        let mut answer = (StatusCode::NOT_MODIFIED, [(TIME_HEADER, START.0.to_string())]).into_response();
        if let Some(head) = &page.audit {
            answer.headers_mut().insert(AUDIT_HEADER, head.to_text().parse().expect("a header"));
        }
        return answer;
    }
    ([(header::ETAG, tag)], Json(page)).into_response()
}

/// It says of every place what it holds there, and of itself that all is well.
async fn checkpoints(State(central): State<StandIn>, Json(told): Json<TellCheckpoints>) -> Json<CheckpointsJudged> {
    let world = central.world();
    let held = |seq: i64| usize::try_from(seq - 1).ok().and_then(|at| world.audit.get(at).cloned());
    let judged = |seq: i64| JudgedCheckpoint { verdict: CheckpointVerdict::Same, held_hash: held(seq) };
    Json(CheckpointsJudged { checkpoints: told.checkpoints.iter().map(|one| judged(one.seq)).collect() })
}

async fn log_tail(State(central): State<StandIn>, Query(query): Query<LogQuery>) -> Response {
    let world = central.world();
    // A number inside a declared loss stands there with nothing.
    let ops = (1..=world.head().seq).filter(|seq| *seq > query.after).map(|seq| {
        let logged = world.log.iter().find(|logged| logged.seq == seq);
        let text = logged.and_then(|logged| logged.text.clone());
        LoggedOp {
            op_seq: seq,
            hash: logged.map(|logged| hex::encode(logged.head.hash)).unwrap_or_default(),
            result: text.as_ref().map(|_| OpResult {
                op_seq: seq,
                outcome: OpOutcome::Applied,
                version: world.version,
            }),
            op: text,
        }
    });
    Json(LogTail { head: world.head(), epoch: world.epoch, ops: ops.collect() }).into_response()
}

async fn present(State(central): State<StandIn>, Json(request): Json<PresentLeases>) -> Response {
    let mut world = central.world();
    if request.epoch != world.epoch {
        return problem(StatusCode::CONFLICT, "epoch_changed");
    }
    let lost = std::mem::take(&mut world.lost_leases);
    world.version += i64::from(lost);
    let standing = if lost { "restored" } else { "known" };
    let standings = vec![standing; request.leases.len()];
    Json(json!({ "standings": standings, "version": if lost { world.version } else { 0 } })).into_response()
}

async fn manifest(State(central): State<StandIn>) -> Response {
    let mut world = central.world();
    if world.later > 0 {
        world.later -= 1;
        return problem_with(StatusCode::NOT_FOUND, &json!({ "code": "snapshot_unavailable", "retry_after_ms": 1 }));
    }
    match &world.file {
        Some((manifest, _)) => Json(manifest).into_response(),
        None => problem(StatusCode::NOT_FOUND, "snapshot_unavailable"),
    }
}

async fn bytes(State(central): State<StandIn>, Path(id): Path<Uuid>, headers: HeaderMap) -> Response {
    let mut world = central.world();
    let Some((manifest, file)) = world.file.clone().filter(|(manifest, _)| manifest.snapshot_id == id) else {
        return problem(StatusCode::GONE, "snapshot_gone");
    };
    let range = headers[header::RANGE].to_str().expect("text");
    let (from, to) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')).expect("a range");
    let (from, to): (usize, usize) = (from.parse().expect("a number"), to.parse().expect("a number"));
    let mut part = file[from..=to].to_vec();
    if world.damaged > 0 {
        world.damaged -= 1;
        part[10] ^= 1;
    }
    let cut = world.cuts.pop_front();
    let named = format!("bytes {from}-{to}/{}", manifest.size);
    let named = [(header::CONTENT_RANGE, named)];
    let Some(cut) = cut else { return (StatusCode::PARTIAL_CONTENT, named, part).into_response() };
    part.truncate(cut);
    let (file, whole) = (world.part.clone(), (from + cut) / CHUNK_BYTES as usize * CHUNK_BYTES as usize);
    let body = unfold(Some(part), move |part| {
        let file = file.clone();
        async move {
            if let Some(part) = part {
                return Some((Ok(Bytes::from(part)), None));
            }
            // A broken connection loses what is in flight: the whole chunks of it have to be there before.
            while std::fs::metadata(&file).map_or(0, |part| part.len()) < whole as u64 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            Some((Err(std::io::Error::other("cut")), None))
        }
    });
    (StatusCode::PARTIAL_CONTENT, named, Body::from_stream(body)).into_response()
}

/// One whole sync, which must succeed.
pub(super) async fn synced(till: &Till) {
    sync::run_now(till).await.expect("a sync");
}

/// Ended, and opened again without syncing by itself.
pub(super) async fn restarted(rig: &Rig, client: Arc<Client>, till: Arc<Till>) -> (Arc<Client>, Arc<Till>) {
    drop(till);
    client.shutdown().await;
    drop(client);
    opened(rig).await
}

/// Open, and syncing only when it is asked to.
pub(super) async fn opened(rig: &Rig) -> (Arc<Client>, Arc<Till>) {
    let client = rig.open().await;
    let till = client.till().expect("open");
    till.sync.stop();
    (client, till)
}

/// The accounts this device has.
pub(super) async fn usernames(till: &Till) -> BTreeSet<String> {
    let rows: Vec<String> = sqlx::query_scalar("SELECT username FROM cached_account")
        .fetch_all(&mut *till.read().await.expect("db"))
        .await
        .expect("rows");
    rows.into_iter().collect()
}

/// Both agree: every row, every operation.
pub(super) async fn in_step(central: &StandIn, till: &Till) {
    assert_eq!(usernames(till).await, central.usernames());
    let mut db = till.read().await.expect("db");
    let (unsent, attention) = log::counts(&mut db).await.expect("counts");
    assert_eq!((unsent, attention), (0, 0));
    let running = counterfoil_cache::digests(&mut db).await.expect("digests");
    assert_eq!(running, counterfoil_cache::recount(&mut db).await.expect("recounted"));
    assert_eq!(running, central.world().digests());
    let head = till.enrolled().await.expect("enrolled").head;
    assert_eq!(central.world().head(), head);
}
