//! What devices remember of the chain, held beside it.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::audit::{AuditHash, genesis_hash};
use counterfoil_domain::ids::{ContradictionId, DeviceId, Epoch, OperatorId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::audit::{
    AuditChain, AuditCheckpoint, CheckpointVerdict, CheckpointsJudged, Contradiction, JudgedCheckpoint, MOST_TOLD,
    TellCheckpoints,
};
use counterfoil_wire::pull::ChainHead;
use serde::Serialize;

use super::repo::chain::{self, NewContradiction};
use super::repo::list;
use super::{Actor, NOTHING, record};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::device::DeviceRecord;
use crate::engine::operators;
use crate::engine::work::Work;

/// Contradictions that are shown.
const SHOWN: i64 = 100;

/// Where the chain ends.
pub(crate) async fn head(conn: &mut Conn, operator: OperatorId) -> Result<ChainHead, Failure> {
    let head = chain::head(conn, operator).await?;
    let (seq, hash) = head.map_or_else(|| (0, genesis_hash(operator).to_vec()), |head| (head.seq, head.hash));
    Ok(ChainHead { seq, hash: hex::encode(hash) })
}

/// How the chain stands.
pub(crate) async fn chain(app: &App, operator: OperatorId) -> Result<AuditChain, Failure> {
    let mut snapshot = app.snapshot().await?;
    let contradictions = chain::contradictions(&mut snapshot, operator, SHOWN).await?;
    let view = |row: chain::Contradicted| Contradiction {
        contradiction_id: ContradictionId(row.id),
        device_id: DeviceId(row.device),
        device_name: row.device_name,
        company: row.company,
        seq: row.seq,
        told_hash: hex::encode(row.told),
        held_hash: row.held.map(hex::encode),
        at: Timestamp(row.at),
    };
    Ok(AuditChain {
        head: head(&mut snapshot, operator).await?,
        waiting: chain::waiting(&mut snapshot, operator).await?.unsigned_abs(),
        actions: list::actions(&mut snapshot, operator).await?,
        contradictions: contradictions.into_iter().map(view).collect(),
    })
}

/// Before a restored database begins a new epoch: what the old one had behind this place is lost, and everybody is told.
pub(crate) async fn note_restore(work: &mut Work) -> Result<(), Failure> {
    let operator = work.operator();
    Ok(chain::note_restore(work.conn(), operator).await?)
}

#[derive(Serialize)]
struct Noted<'a> {
    seq: i64,
    remembered: &'a str,
    held: Option<&'a str>,
}

/// Holds what a device remembers beside the chain. What does not agree is kept, once, and audited.
pub(crate) async fn judge(
    app: &App,
    device: &DeviceRecord,
    told: &TellCheckpoints,
) -> Result<CheckpointsJudged, Failure> {
    let read = told.checkpoints.iter().map(hash_of).collect::<Option<Vec<_>>>();
    let hashes = read.filter(|hashes| hashes.len() <= MOST_TOLD).ok_or_else(|| {
        let rule =
            format!("up to {MOST_TOLD} checkpoints, each with a number from 1 and a hash of 64 hexadecimal digits");
        Failure::validation(vec![field("checkpoints", rule)])
    })?;
    let operator = device.operator();
    let mut snapshot = app.snapshot().await?;
    let epoch = operators::get(&mut snapshot, operator).await?.epoch;
    let mut judged = Vec::with_capacity(hashes.len());
    for (checkpoint, hash) in told.checkpoints.iter().zip(&hashes) {
        judged.push(judge_one(&mut snapshot, operator, epoch, checkpoint, hash).await?);
    }
    drop(snapshot);
    let found: Vec<_> = told.checkpoints.iter().zip(&hashes).zip(&judged).collect();
    let contradicted = |judged: &JudgedCheckpoint| judged.verdict == CheckpointVerdict::Contradicted;
    if judged.iter().any(contradicted) {
        let mut work = app.begin(operator).await?;
        for ((checkpoint, hash), judged) in found.into_iter().filter(|(_, judged)| contradicted(judged)) {
            note(&mut work, device, checkpoint, hash, judged).await?;
        }
        work.commit().await?;
    }
    Ok(CheckpointsJudged { checkpoints: judged })
}

fn hash_of(checkpoint: &AuditCheckpoint) -> Option<AuditHash> {
    let mut hash = AuditHash::default();
    let reads = checkpoint.seq > 0 && hex::decode_to_slice(&checkpoint.hash, &mut hash).is_ok();
    reads.then_some(hash)
}

async fn judge_one(
    conn: &mut Conn,
    operator: OperatorId,
    current: Epoch,
    checkpoint: &AuditCheckpoint,
    hash: &AuditHash,
) -> Result<JudgedCheckpoint, Failure> {
    let held = chain::hash_at(conn, operator, checkpoint.seq).await?;
    let verdict = if held.as_deref() == Some(hash) {
        CheckpointVerdict::Same
    } else if checkpoint.epoch == current {
        CheckpointVerdict::Contradicted
    } else {
        // Of an epoch that nobody noted the end of, another restore took even that: what it had is lost as well.
        match chain::restored_at(conn, operator, checkpoint.epoch).await? {
            Some(kept) if checkpoint.seq <= kept => CheckpointVerdict::Contradicted,
            _ => CheckpointVerdict::LostInRestore,
        }
    };
    Ok(JudgedCheckpoint { verdict, held_hash: held.map(hex::encode) })
}

async fn note(
    work: &mut Work,
    device: &DeviceRecord,
    checkpoint: &AuditCheckpoint,
    told: &AuditHash,
    judged: &JudgedCheckpoint,
) -> Result<(), Failure> {
    let held = judged.held_hash.as_deref();
    let held_bytes = held.and_then(|held| hex::decode(held).ok());
    let (operator, now) = (work.operator(), work.now());
    let new = NewContradiction {
        id: ContradictionId(mint(now)),
        device: device.device_id(),
        epoch: checkpoint.epoch,
        seq: checkpoint.seq,
        told,
        held: held_bytes.as_deref(),
    };
    if !chain::insert_contradiction(work.conn(), operator, now, &new).await? {
        return Ok(());
    }
    tracing::error!(device = %device.device_id(), seq = checkpoint.seq, "a device remembers another history of the audit");
    let noted = Noted { seq: checkpoint.seq, remembered: &checkpoint.hash, held };
    record(work, &Actor::system(), "audit.contradiction", Some(device.id), NOTHING, Some(&noted)).await
}
