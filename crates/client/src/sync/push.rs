//! Sending operations: the exact bytes, in order, and keeping each answer once.

use counterfoil_domain::oplog::{LogHead, Lost};
use counterfoil_wire::endpoint::Push;
use counterfoil_wire::problem::Code;
use counterfoil_wire::push::{MAX_BYTES, MAX_OPS, PushRequest, PushResponse};

use super::{SyncError, compare};
use crate::api::Topic;
use crate::central::CentralError;
use crate::device;
use crate::outbox::losses;
use crate::outbox::repo::{self, Waiting};
use crate::till::{AsDevice, Till};

/// Room for the request around the operations.
const OVERHEAD: usize = 1024;

pub(super) async fn push(
    till: &Till,
    asking: &AsDevice<'_>,
    base: LogHead,
    lost: Option<LogHead>,
    through: u32,
) -> Result<(), SyncError> {
    let first = lost.map_or(base.seq, |lost| lost.seq);
    let limit = i64::try_from(MAX_OPS).unwrap_or(256);
    let waiting = repo::tail(&mut *till.read().await?, first, limit).await?;
    let batch = batch(waiting, through);
    // A hole the plan does not know of would read as a fork to Central.
    let contiguous = batch.iter().zip(first + 1..).all(|(op, expected)| op.op_seq == expected);
    if batch.is_empty() || !contiguous {
        return Err(SyncError::Confused(format!("the log does not go on after {first}")));
    }
    let request = PushRequest {
        base,
        lost: lost.map(|through| Lost { through }),
        epoch: asking.device.epoch,
        ops: batch.into_iter().map(|op| op.body).collect(),
    };
    let start = lost.unwrap_or(base);
    let sent = request.ops.iter().fold(start, |head, op| head.extend(op.as_bytes()));
    match till.central().call::<Push>(&asking.address, &[], &request, asking.caller()).await {
        Ok(response) if response.head.seq < sent.seq || response.results.len() != request.ops.len() => {
            Err(SyncError::Confused("Central did not answer every operation".into()))
        }
        Ok(response) => keep(till, &request, sent, &response).await,
        Err(error) => refused(till, base, error).await,
    }
}

/// As many as fit into one request.
fn batch(waiting: Vec<Waiting>, through: u32) -> Vec<Waiting> {
    let mut bytes = OVERHEAD;
    let mut batch = Vec::new();
    for op in waiting.into_iter().filter(|op| op.op_seq <= through) {
        // Inside the request's text, quotes and backslashes are escaped once more.
        bytes += op.body.len() + op.body.bytes().filter(|byte| matches!(byte, b'"' | b'\\')).count() + 16;
        if bytes > MAX_BYTES && !batch.is_empty() {
            break;
        }
        batch.push(op);
    }
    batch
}

/// All answers of one push in one transaction. Central may have more than was sent; only what was answered counts.
async fn keep(till: &Till, request: &PushRequest, sent: LogHead, response: &PushResponse) -> Result<(), SyncError> {
    let mut transaction = till.store().write_local().await?;
    for result in &response.results {
        repo::answer(&mut transaction, result).await?;
    }
    if let (Some(_), Some(gap)) = (request.lost, repo::gaps(&mut transaction).await?.first()) {
        repo::settle_gap(&mut transaction, *gap, &[]).await?;
        losses::remember(&mut transaction, *gap).await?;
    }
    device::repo::set_acked(&mut transaction, sent).await?;
    device::repo::learn_server_time(&mut transaction, response.server_time).await?;
    losses::prune(&mut transaction, response.backup_watermark).await?;
    transaction.commit().await.map_err(crate::store::StoreError::from)?;
    till.learn_time(response.server_time);
    for topic in [Topic::Queue, Topic::Codes, Topic::Credit, Topic::Orders, Topic::Selling] {
        till.tell(topic);
    }
    Ok(())
}

async fn refused(till: &Till, base: LogHead, error: CentralError) -> Result<(), SyncError> {
    let Some(problem) = error.problem() else { return Err(error.into()) };
    match (problem.code, problem.head) {
        // Central was restored from a backup, or lost what it had: compare before anything else is sent.
        (Code::EpochChanged, _) => compare::again(till).await,
        (Code::LogGap, Some(head)) if base.seq > head.seq => compare::again(till).await,
        // This device's note of an answer is old: go on from what Central has.
        (Code::LogGap, Some(head)) => {
            let mut transaction = till.store().write_local().await?;
            let known = repo::head_at(&mut transaction, head.seq).await?;
            if known.is_some_and(|known| known.hash != head.hash) {
                drop(transaction);
                return forked(till, format!("the logs differ at {}", head.seq)).await;
            }
            device::repo::set_acked(&mut transaction, head).await?;
            // What is missing here may have arrived there late: it is fetched, not left out.
            repo::ask_again(&mut transaction, head).await?;
            transaction.commit().await.map_err(crate::store::StoreError::from)?;
            tracing::warn!(head = head.seq, "Central asks for the log from another operation");
            Ok(())
        }
        _ => Err(error.into()),
    }
}

/// A device that Central froze or blocked is stopped here, too, whatever it asked when it was told.
pub(super) async fn stopped(till: &Till, error: SyncError) -> SyncError {
    match error.central().and_then(CentralError::problem) {
        Some(problem) if matches!(problem.code, Code::DeviceForked | Code::DeviceQuarantined) => {
            forked(till, problem.detail.clone()).await.err().unwrap_or(error)
        }
        _ => error,
    }
}

/// Stops this device for good, until a person has looked.
pub(super) async fn forked(till: &Till, reason: String) -> Result<(), SyncError> {
    let mut transaction = till.store().write_local().await?;
    device::repo::quarantine(&mut transaction, &reason).await?;
    transaction.commit().await.map_err(crate::store::StoreError::from)?;
    tracing::error!(%reason, "Central froze this device");
    for topic in [Topic::Selling, Topic::Queue, Topic::Session] {
        till.tell(topic);
    }
    Err(SyncError::Forked(reason))
}
