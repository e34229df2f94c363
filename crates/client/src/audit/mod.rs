//! The audit: what staff read of it, and what this device remembers of its chain of hashes.
//!
//! Central tells with each sync where the chain ends. The device keeps that, denser for the recent past than for the old,
//! and now and then tells Central all it remembers. What does not agree is kept here as well as there: neither of the two
//! can take it back alone.

mod difference;
mod repo;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use counterfoil_domain::audit::{AuditHash, AuditLine, MOST_CHECKPOINTS, surplus};
use counterfoil_domain::ids::{Epoch, OperatorId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::audit::{
    AuditChain, AuditCheckpoint, AuditEntry, AuditQuery, CheckpointVerdict, CheckpointsJudged, TellCheckpoints,
};
use counterfoil_wire::endpoint::{
    AdminAudit, AdminAuditChain, AdminAuditFile, AuditCheckpoints, ResellerAudit, ResellerAuditFile,
};
use counterfoil_wire::page::Page;
use counterfoil_wire::pull::ChainHead;
use sqlx::SqliteConnection;

use crate::session::{SessionError, call, call_within, text};
use crate::store::StoreError;
use crate::till::{AsDevice, Till};

pub(crate) use difference::{Change, difference};

/// Central reads every line that fits before it has sent them.
const FILE_LIMIT: Duration = Duration::from_mins(3);

/// Everything that is remembered is told this often: a history that was rewritten shows within a quarter of an hour.
const TELL_EVERY_MS: i64 = 15 * 60_000;

/// Of epochs that ended, checkpoints in all.
const MOST_OF_OLD_EPOCHS: i64 = 32;

/// When Central was last told.
#[derive(Debug, Default)]
pub(crate) struct Telling(Mutex<Option<Timestamp>>);

impl Telling {
    fn is_due(&self, now: Timestamp) -> bool {
        let told = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.is_none_or(|told| now < told || told.plus_ms(TELL_EVERY_MS) <= now)
    }

    fn done(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }
}

/// What this device remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) checkpoints: usize,
    /// When the oldest was told.
    pub(crate) since: Option<Timestamp>,
    pub(crate) broken: Option<Break>,
}

/// Central told a line of its history otherwise than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Break {
    pub(crate) seq: i64,
    pub(crate) found_at: Timestamp,
}

/// Keeps where the chain ends, and sees where it cannot be the one that was told before.
pub(crate) async fn remember(
    db: &mut SqliteConnection,
    epoch: Epoch,
    head: &ChainHead,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut hash = AuditHash::default();
    if hex::decode_to_slice(&head.hash, &mut hash).is_err() {
        tracing::warn!("Central told an end of its audit that is no hash");
        return Ok(());
    }
    let mut known = repo::of_epoch(db, epoch).await?;
    if let Some(last) = known.last().filter(|last| last.seq >= head.seq) {
        if last.seq > head.seq {
            note(db, last, None, now).await?;
        } else if last.hash != hash {
            note(db, last, Some(&hash), now).await?;
        }
        return Ok(());
    }
    if head.seq == 0 {
        return Ok(());
    }
    if known.is_empty() {
        repo::forget_epochs(db, epoch, MOST_OF_OLD_EPOCHS).await?;
    }
    repo::remember(db, epoch, head.seq, &hash, now).await?;
    let mut seqs: Vec<i64> = known.drain(..).map(|one| one.seq).chain([head.seq]).collect();
    while let Some(at) = surplus(&seqs) {
        repo::give_up(db, epoch, seqs.remove(at)).await?;
    }
    debug_assert!(seqs.len() <= MOST_CHECKPOINTS);
    Ok(())
}

async fn note(
    db: &mut SqliteConnection,
    remembered: &repo::Checkpoint,
    held: Option<&[u8]>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if repo::contradict(db, remembered, held, now).await? {
        tracing::error!(seq = remembered.seq, "Central holds another history of its audit than this device remembers");
    }
    Ok(())
}

/// Tells Central what is remembered, when it is time. Whatever keeps it from that, the sync is done without.
pub(crate) async fn tell(till: &Till, asking: &AsDevice<'_>) -> Result<(), StoreError> {
    let now = till.clock().wall();
    if !till.telling.is_due(now) {
        return Ok(());
    }
    let known = repo::checkpoints(&mut *till.read().await?).await?;
    if known.is_empty() {
        return Ok(());
    }
    let checkpoint = |one: &repo::Checkpoint| AuditCheckpoint {
        epoch: Epoch(one.epoch),
        seq: one.seq,
        hash: hex::encode(&one.hash),
    };
    let told = TellCheckpoints { checkpoints: known.iter().map(checkpoint).collect() };
    match till.central().call::<AuditCheckpoints>(&asking.address, &[], &told, asking.caller()).await {
        Ok(judged) => conclude(till, asking.device.epoch, &known, &judged, now).await?,
        // One of last year does not know the question.
        Err(error) => tracing::debug!(%error, "what is remembered of the audit was not told"),
    }
    till.telling.done(now);
    Ok(())
}

/// Compares by itself: a Central that rewrote its history need not be believed about it.
async fn conclude(
    till: &Till,
    epoch: Option<Epoch>,
    known: &[repo::Checkpoint],
    judged: &CheckpointsJudged,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut transaction = till.store().write_local().await?;
    for (remembered, judged) in known.iter().zip(&judged.checkpoints) {
        let held = judged.held_hash.as_deref().and_then(|held| hex::decode(held).ok());
        let current = epoch == Some(Epoch(remembered.epoch));
        let differs = held.as_ref() != Some(&remembered.hash);
        if judged.verdict == CheckpointVerdict::Contradicted || (current && differs) {
            note(&mut transaction, remembered, held.as_deref(), now).await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}

pub(crate) async fn memory(db: &mut SqliteConnection) -> Result<Memory, StoreError> {
    let known = repo::checkpoints(db).await?;
    let since = known.iter().map(|one| one.seen_at).min().map(Timestamp);
    Ok(Memory { checkpoints: known.len(), since, broken: first_break(db).await? })
}

pub(crate) async fn first_break(db: &mut SqliteConnection) -> Result<Option<Break>, StoreError> {
    let first = repo::first_contradiction(db).await?;
    Ok(first.map(|(seq, found_at)| Break { seq, found_at: Timestamp(found_at) }))
}

pub(crate) async fn page(till: &Till, query: &AuditQuery) -> Result<Page<AuditEntry>, SessionError> {
    call::<AdminAudit>(till, &[], query).await
}

pub(crate) async fn chain(till: &Till) -> Result<AuditChain, SessionError> {
    call_within::<AdminAuditChain>(till, FILE_LIMIT, &[], &()).await
}

/// As CSV.
pub(crate) async fn file(till: &Till, query: &AuditQuery) -> Result<String, SessionError> {
    text::<AdminAuditFile>(till, FILE_LIMIT, &[], query).await
}

/// What concerns the reseller that is signed in.
pub(crate) async fn log(till: &Till, query: &AuditQuery) -> Result<Page<AuditEntry>, SessionError> {
    call::<ResellerAudit>(till, &[], query).await
}

/// As CSV.
pub(crate) async fn log_file(till: &Till, query: &AuditQuery) -> Result<String, SessionError> {
    text::<ResellerAuditFile>(till, FILE_LIMIT, &[], query).await
}

/// Whether a line is what its hash says, computed here. None: it is not sealed yet, or its hash cannot be read.
pub(crate) fn fits(operator: OperatorId, entry: &AuditEntry) -> Option<bool> {
    let seal = entry.seal.as_ref()?;
    let mut previous = AuditHash::default();
    hex::decode_to_slice(&seal.previous_hash, &mut previous).ok()?;
    let line = AuditLine {
        operator,
        seq: seal.seq,
        id: entry.audit_id,
        at: entry.at,
        actor: &entry.actor,
        actor_id: entry.actor_id,
        action: &entry.action,
        subject: entry.subject_id,
        detail: &entry.detail,
        address: &entry.address,
    };
    Some(hex::encode(line.hash(&previous)) == seal.hash)
}
