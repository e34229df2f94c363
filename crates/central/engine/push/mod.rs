//! A device's operations, in order, each answered once.
//!
//! One transaction under the device's lock. A business refusal is a terminal answer and the log goes on behind it; an
//! infrastructure error aborts the batch and nothing happened.

mod apply;
mod fulfilment;
mod portal;
mod repo;

use std::collections::{BTreeSet, HashMap};

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::{AccountId, DeviceId, LeaseId, OrderId, PortalId};
use counterfoil_domain::oplog::{Arrival, Known, LogError, LogHead, Lost, Op, OpBody, OpOutcome, accept};
use counterfoil_wire::problem::Code;
use counterfoil_wire::push::{LogTail, LoggedOp, MAX_BYTES, MAX_OPS, OpResult, PushRequest, PushResponse};
use serde::Serialize;

use super::App;
use super::backup;
use super::device::{self, DeviceRecord};
use super::lease;
use super::operators;
use super::provisioning;
use super::stored::{stored, stored_number};
use super::work::Work;

/// Numbers that one push may declare lost: more is no crash but a rewritten log.
const MOST_LOST: u32 = 65_536;

/// Takes a push, or answers a repeat as before.
pub(crate) async fn push(app: &App, device: &DeviceRecord, request: &PushRequest) -> Result<PushResponse, Failure> {
    check_bounds(request)?;
    let mut work = app.begin(device.operator()).await?;
    let device = device::lock_heard(&mut work, device.device_id()).await?;
    if device.is_quarantined()? {
        return Err(lease::quarantined());
    }
    if let Some(epoch) = request.epoch {
        backup::check_epoch(&mut work, epoch).await?;
    }
    let stored_head = device.head()?;
    let known = known_hashes(&mut work, &device, request).await?;
    let known_at = |seq: u32| known.get(&seq).copied();
    let accepted = match accept(stored_head, request.base, request.lost, &request.ops, known_at) {
        Ok(accepted) => accepted,
        Err(LogError::Gap { head, base }) => return Err(gap(stored_head, head, base)),
        Err(LogError::Fork { at }) => return Err(fork(work, &device, stored_head, at, request).await?),
    };
    if let Some(lost) = accepted.lost {
        record_lost(&mut work, &device, stored_head, lost).await?;
    }
    lock_all(&mut work, &device, request).await?;
    let answered = apply_all(app, &mut work, &device, request, &accepted.arrivals).await?;
    let version = finish(&mut work, &device, accepted.head, stored_head, &answered).await?;
    let results = answered.iter().map(|op| op.result(version)).collect();
    let backup_watermark = backup::watermark(work.conn(), device.device_id(), accepted.head.seq).await?;
    work.commit().await?;
    Ok(PushResponse { head: accepted.head, results, backup_watermark, server_time: app.now() })
}

/// An operation of this push with its answer.
struct Answered<'a> {
    head: LogHead,
    bytes: &'a str,
    outcome: OpOutcome,
    how: Taken,
}

enum Taken {
    /// Answered before, in that version of the feed.
    Before { version: i64 },
    /// Applied now, at the end of the log.
    Appended,
    /// Applied now, at a number that was declared lost.
    Found,
}

impl Answered<'_> {
    fn result(&self, version: i64) -> OpResult {
        let version = if let Taken::Before { version } = self.how { version } else { version };
        OpResult { op_seq: self.head.seq, outcome: self.outcome, version }
    }
}

fn check_bounds(request: &PushRequest) -> Result<(), Failure> {
    let mut wrong = Vec::new();
    if request.ops.len() > MAX_OPS {
        wrong.push(field("ops", format!("at most {MAX_OPS} operations in one push")));
    }
    if request.ops.iter().map(String::len).sum::<usize>() > MAX_BYTES {
        wrong.push(field("ops", format!("at most {MAX_BYTES} bytes of operations in one push")));
    }
    if request.lost.is_some_and(|lost| lost.through.seq.saturating_sub(request.base.seq) > MOST_LOST) {
        wrong.push(field("lost", format!("at most {MOST_LOST} numbers can be lost at once")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}

/// The hashes that `accept` may ask for: at the base, at the end of a loss, and at each operation pushed.
async fn known_hashes(
    work: &mut Work,
    device: &DeviceRecord,
    request: &PushRequest,
) -> Result<HashMap<u32, Known>, Failure> {
    let start = request.lost.map_or(request.base.seq, |lost| lost.through.seq);
    let end = start.saturating_add(u32::try_from(request.ops.len()).unwrap_or(u32::MAX));
    let mut known = repo::known(work.conn(), device.device_id(), request.base.seq, start, end).await?;
    known.insert(0, Known { hash: LogHead::genesis(device.device_id()).hash, lost: false });
    Ok(known)
}

fn gap(stored: LogHead, head: u32, base: u32) -> Failure {
    Failure::new(
        Code::LogGap,
        format!("Central has operations up to {head} and this push starts after {base}. Send them from {head} on."),
    )
    .head(stored)
}

/// All leases of the push at once and by id, then all orders, then accounts on portals: an operation's postings hold
/// ledger accounts, and after those none of these may be locked. Nothing is locked that the device may not change.
async fn lock_all(work: &mut Work, device: &DeviceRecord, request: &PushRequest) -> Result<(), Failure> {
    let (mut leases, mut orders) = (BTreeSet::<LeaseId>::new(), BTreeSet::<OrderId>::new());
    let mut accounts = BTreeSet::<(AccountId, PortalId)>::new();
    for op in request.ops.iter().filter_map(|op| Op::from_bytes(op.as_bytes()).ok()) {
        leases.extend(op.body.lease());
        match op.body {
            OpBody::Fulfilment { order_id, .. } => drop(orders.insert(order_id)),
            OpBody::Reprovision { portal_id, account_id } | OpBody::BoxContact { portal_id, account_id, .. }
                if portal::may(device) =>
            {
                accounts.insert((account_id, portal_id));
            }
            OpBody::Sale { .. }
            | OpBody::Void { .. }
            | OpBody::CloseLease { .. }
            | OpBody::Reprovision { .. }
            | OpBody::BoxContact { .. } => {}
        }
    }
    for lease in leases {
        repo::lock_lease(work.conn(), device.device_id(), lease).await?;
    }
    for order in orders {
        repo::lock_order(work.conn(), device.reseller_id, order).await?;
    }
    for (account, portal) in accounts {
        provisioning::lock_created(work, portal, account).await?;
    }
    Ok(())
}

#[derive(Serialize)]
struct ForkDetail {
    at: u32,
    head: u32,
    /// Sales of the pushed operations from the contradiction on: what a second copy may have sold.
    sales: Vec<SoldRange>,
}

#[derive(Serialize)]
struct SoldRange {
    op_seq: u32,
    lease: String,
    seq_from: u32,
    seq_to: u32,
}

/// Freezes the device and keeps the evidence; that is committed although the push is refused.
async fn fork(
    mut work: Work,
    device: &DeviceRecord,
    stored: LogHead,
    at: u32,
    request: &PushRequest,
) -> Result<Failure, Failure> {
    let sales = request.ops.iter().filter_map(|op| Op::from_bytes(op.as_bytes()).ok()).filter(|op| op.op_seq >= at);
    let sales = sales.filter_map(|op| match op.body {
        OpBody::Sale { lease_id, seq_from, seq_to, .. } => {
            Some(SoldRange { op_seq: op.op_seq, lease: lease_id.to_string(), seq_from, seq_to })
        }
        // What was delivered twice is not money: the order itself says who delivered it.
        OpBody::Void { .. }
        | OpBody::CloseLease { .. }
        | OpBody::Fulfilment { .. }
        | OpBody::Reprovision { .. }
        | OpBody::BoxContact { .. } => None,
    });
    let detail = ForkDetail { at, head: stored.seq, sales: sales.collect() };
    device::quarantine(&mut work, device).await?;
    device::report(&mut work, Some(device.device_id()), "log_fork", &detail).await?;
    work.commit().await?;
    Ok(Failure::new(
        Code::DeviceForked,
        format!(
            "This log contradicts what Central has at operation {at}: a second copy of the device, or a rewritten log. \
             The device is frozen. Ask the operator to look at it."
        ),
    )
    .head(stored))
}

#[derive(Serialize)]
struct LostDetail {
    from: u32,
    through: u32,
}

/// Each lost number stands in the log without a body, until a device finds what it was.
async fn record_lost(work: &mut Work, device: &DeviceRecord, head: LogHead, lost: Lost) -> Result<(), Failure> {
    let (device_id, now) = (device.device_id(), work.now());
    for seq in head.seq + 1..=lost.through.seq {
        // Only the last one's hash is known: no push can connect to a number in between.
        let hash: &[u8] = if seq == lost.through.seq { &lost.through.hash } else { &[] };
        repo::insert_lost(work.conn(), device_id, seq, hash, now).await?;
    }
    if lost.through.seq <= head.seq {
        // Inside a greater loss that was declared meanwhile: from here on its hash is known.
        repo::put_lost_hash(work.conn(), device_id, lost.through).await?;
    }
    let detail = LostDetail { from: head.seq.min(lost.through.seq) + 1, through: lost.through.seq };
    device::report(work, Some(device_id), "operations_lost", &detail).await
}

async fn apply_all<'a>(
    app: &App,
    work: &mut Work,
    device: &DeviceRecord,
    request: &'a PushRequest,
    arrivals: &[Arrival],
) -> Result<Vec<Answered<'a>>, Failure> {
    let mut head = request.lost.map_or(request.base, |lost| lost.through);
    let mut answered = Vec::with_capacity(arrivals.len());
    for (bytes, arrival) in request.ops.iter().zip(arrivals) {
        head = head.extend(bytes.as_bytes());
        let (outcome, how) = match arrival {
            Arrival::Repeat => {
                let before = repo::answer(work.conn(), device.device_id(), head.seq).await?;
                let before = stored(before, "device_op", "op_seq", device.id)?;
                let text = before.outcome.unwrap_or_default();
                let version = before.feed_version;
                (outcome(device.device_id(), head.seq, &text)?, Taken::Before { version })
            }
            Arrival::New => (apply::apply(app, work, device, head.seq, bytes).await?, Taken::Appended),
            Arrival::Found => (apply::apply(app, work, device, head.seq, bytes).await?, Taken::Found),
        };
        answered.push(Answered { head, bytes, outcome, how });
    }
    Ok(answered)
}

/// Stamps the version all new results carry, and stores log and answers.
async fn finish(
    work: &mut Work,
    device: &DeviceRecord,
    head: LogHead,
    before: LogHead,
    answered: &[Answered<'_>],
) -> Result<i64, Failure> {
    if head == before && !answered.iter().any(|op| matches!(op.how, Taken::Found)) {
        return Ok(0);
    }
    // What follows is under the device's own lock, so it may come after the feed's.
    let version = work.stamp().await?;
    let (device_id, now) = (device.device_id(), work.now());
    for op in answered {
        let outcome = serde_json::to_string(&op.outcome).map_err(Failure::internal)?;
        let row = repo::NewOp { seq: op.head.seq, body: op.bytes, hash: &op.head.hash, outcome: &outcome, version };
        match op.how {
            Taken::Before { .. } => {}
            Taken::Appended => repo::insert_op(work.conn(), device_id, &row, now).await?,
            Taken::Found => repo::fill_lost(work.conn(), device_id, &row, now).await?,
        }
    }
    repo::date_losses(work.conn(), device_id, version).await?;
    repo::move_head(work.conn(), device_id, head).await?;
    Ok(version)
}

/// What Central has of a device's log, for a device restored from a backup.
pub(crate) async fn tail(app: &App, device: &DeviceRecord, after: u32) -> Result<LogTail, Failure> {
    let mut snapshot = app.snapshot().await?;
    let limit = i64::try_from(MAX_OPS).unwrap_or(i64::MAX);
    let epoch = operators::get(&mut snapshot, device.operator()).await?.epoch;
    let head = repo::head(&mut snapshot, device.device_id()).await?;
    let rows = repo::tail(&mut snapshot, device.device_id(), after, limit).await?;
    let mut bytes = 0;
    let mut ops = Vec::with_capacity(rows.len());
    for row in rows {
        bytes += row.body.as_ref().map_or(0, String::len);
        // The first always fits, so a reader always gets on.
        if bytes > MAX_BYTES && !ops.is_empty() {
            break;
        }
        ops.push(logged(device.device_id(), row)?);
    }
    let seq = stored_number(head.0, "device", "log_seq", device.id)?;
    let hash = stored(head.1.try_into().ok(), "device", "log_hash", device.id)?;
    Ok(LogTail { head: LogHead { seq, hash }, epoch, ops })
}

fn logged(device: DeviceId, row: repo::StoredOp) -> Result<LoggedOp, Failure> {
    let op_seq = stored_number(row.op_seq, "device_op", "op_seq", device)?;
    let result = row.outcome.as_deref().map(|text| outcome(device, op_seq, text)).transpose()?;
    Ok(LoggedOp {
        op_seq,
        op: row.body,
        hash: hex::encode(&row.hash),
        result: result.map(|outcome| OpResult { op_seq, outcome, version: row.feed_version }),
    })
}

fn outcome(device: DeviceId, op_seq: u32, text: &str) -> Result<OpOutcome, Failure> {
    stored(serde_json::from_str(text).ok(), "device_op", "outcome", format_args!("{device}/{op_seq}"))
}
