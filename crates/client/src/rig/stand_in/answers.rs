//! What the stand-in answers to a push, a pull, and to questions about its log, its leases and its audit.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use counterfoil_domain::feed::Cursor;
use counterfoil_domain::ids::Epoch;
use counterfoil_domain::oplog::{Arrival, LogError, OpOutcome, accept};
use counterfoil_wire::audit::{CheckpointVerdict, CheckpointsJudged, JudgedCheckpoint, TellCheckpoints};
use counterfoil_wire::leases::{PresentLeases, RequestLease};
use counterfoil_wire::pull::{AUDIT_HEADER, ChainHead, Change, PullPage, PullQuery, TIME_HEADER};
use counterfoil_wire::push::{LogQuery, LogTail, LoggedOp, OpResult, PushRequest, PushResponse};
use futures_util::stream::unfold;
use serde_json::json;

use super::super::START;
use super::{Fault, Logged, StandIn, World};

pub(super) fn problem(status: StatusCode, code: &str) -> Response {
    problem_with(status, &json!({ "code": code }))
}

pub(super) async fn not_found() -> Response {
    problem(StatusCode::NOT_FOUND, "not_found")
}

/// Nobody gets another lease here.
pub(super) async fn no_credit(State(central): State<StandIn>, Json(asked): Json<RequestLease>) -> Response {
    central.world().leases_asked.push(asked.lease_id);
    problem(StatusCode::CONFLICT, "insufficient_credit")
}

pub(super) fn problem_with(status: StatusCode, more: &serde_json::Value) -> Response {
    let mut body = json!({ "type": "about:blank", "title": "t", "status": status.as_u16(), "detail": "no" });
    for (name, value) in more.as_object().expect("an object") {
        body[name] = value.clone();
    }
    (status, Json(body)).into_response()
}

/// Notes each request, and lets what was planned go wrong.
pub(super) async fn faulty(
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
        Some(Fault::Busy) => problem(StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        Some(Fault::Held) => {
            let gate = Arc::clone(&central.world().gate);
            gate.arrived.notify_one();
            gate.go_on.notified().await;
            next.run(request).await
        }
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

pub(super) async fn push(State(central): State<StandIn>, headers: HeaderMap, body: Bytes) -> Response {
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
        let outcome = world.rejects.map_or(OpOutcome::Applied, |code| OpOutcome::Rejected { code });
        results.push(OpResult { op_seq: at.seq, outcome, version: world.version });
    }
    let answer = PushResponse { head: world.head(), results, backup_watermark: world.watermark, server_time: START };
    Json(answer).into_response()
}

pub(super) async fn pull(
    State(central): State<StandIn>,
    headers: HeaderMap,
    Query(query): Query<PullQuery>,
) -> Response {
    let mut world = central.world();
    if world.blocked {
        return problem(StatusCode::FORBIDDEN, "device_quarantined");
    }
    let cursor = match query.cursor.as_deref().map(Cursor::from_text) {
        None => Cursor::start(world.epoch),
        // Of another time, or ahead of everything.
        Some(Ok(cursor)) if cursor.epoch == world.epoch && cursor.version <= world.version => cursor,
        Some(_) => return problem(StatusCode::GONE, "cursor_expired"),
    };
    if world.before_orders && query.tables.is_some() {
        return problem(StatusCode::BAD_REQUEST, "malformed");
    }
    let mut rows = world.feed();
    rows.sort_by_key(|change| (change.version, change.row.place()));
    let mut behind = rows.into_iter().filter(|change| {
        let (table, key) = change.row.place();
        cursor.is_before(change.version, table, key)
    });
    let changes: Vec<Change> = behind.by_ref().take(world.page).collect();
    let more = behind.next().is_some();
    let end = match changes.last() {
        Some(Change { version, row }) if more => {
            let (table, key) = row.place();
            Cursor { epoch: world.epoch, version: *version, table, key }
        }
        _ => Cursor::after_version(world.epoch, world.version),
    };
    let page = PullPage {
        changes,
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
        brand: world.brand.clone().filter(|_| !more),
        server_time: START,
    };
    if more || !page.changes.is_empty() {
        return Json(page).into_response();
    }
    let tag = format!("\"{}-{:?}-{:?}-{:?}\"", page.cursor, page.digests, page.backup_watermark, page.brand);
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

/// The picture with this name.
pub(super) async fn logo(State(central): State<StandIn>, Path(hash): Path<String>) -> Response {
    let logo = central.world().logos.get(&hash).cloned();
    logo.map_or_else(
        || problem(StatusCode::NOT_FOUND, "not_found"),
        |png| ([(header::CONTENT_TYPE, "image/png")], png).into_response(),
    )
}

/// It says of every place what it holds there, and of itself that all is well.
pub(super) async fn checkpoints(
    State(central): State<StandIn>,
    Json(told): Json<TellCheckpoints>,
) -> Json<CheckpointsJudged> {
    let world = central.world();
    let held = |seq: i64| usize::try_from(seq - 1).ok().and_then(|at| world.audit.get(at).cloned());
    let judged = |seq: i64| JudgedCheckpoint { verdict: CheckpointVerdict::Same, held_hash: held(seq) };
    Json(CheckpointsJudged { checkpoints: told.checkpoints.iter().map(|one| judged(one.seq)).collect() })
}

pub(super) async fn log_tail(State(central): State<StandIn>, Query(query): Query<LogQuery>) -> Response {
    let world = central.world();
    if world.blocked {
        return problem(StatusCode::FORBIDDEN, "device_quarantined");
    }
    // A number inside a declared loss stands there with nothing.
    let ops = (1..=world.head().seq).filter(|seq| *seq > query.after).take(world.log_page).map(|seq| {
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

pub(super) async fn present(State(central): State<StandIn>, Json(request): Json<PresentLeases>) -> Response {
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
