//! A database older than its keyring: fetch what Central has of the missing operations, declare the rest lost.

use counterfoil_domain::ids::LeaseId;
use counterfoil_domain::lease::{LeaseState, Watermark};
use counterfoil_domain::oplog::{LogHead, Op, OpBody};
use counterfoil_wire::endpoint::LogTail;
use counterfoil_wire::push::{LogQuery, LoggedOp};
use ed25519_dalek::VerifyingKey;
use sqlx::SqliteConnection;

use super::SyncError;
use super::push::forked;
use crate::api::Topic;
use crate::device;
use crate::lease;
use crate::outbox::repo::{self, Gap, GapState, OverlayKind};
use crate::outbox::{About, Marks};
use crate::selling::{self, Order, Sold};
use crate::till::{AsDevice, Till};

/// Asks for the operations of a gap until Central has no more of them or the gap is whole.
pub(super) async fn ask(till: &Till, asking: &AsDevice<'_>, gap: Gap) -> Result<(), SyncError> {
    // The leases first, and those of each answer before it is kept: without its key a sale's codes cannot be made again.
    lease::recover_sold(till, asking.device).await?;
    // Every number this device ever gave out: what Central has beyond it, another copy made.
    let given_out = till.writer().await.marks(till.vault(), asking.device.device_id).await?.log.seq;
    let mut found = Found { mended: gap.after, head: gap.after, seen: gap.after.seq };
    let mut through = false;
    while !through {
        let query = LogQuery { after: found.seen };
        let tail = till.central().call::<LogTail>(&asking.address, &[], &query, asking.caller()).await?;
        if tail.head.seq > given_out {
            return forked(till, format!("Central has operations up to {} of this device", tail.head.seq)).await;
        }
        if tail.ops.is_empty() {
            break;
        }
        lease::recover_for_sales(till, asking.device, &sold_from(&tail.ops)).await?;
        let before = found.seen;
        (found, through) = store(till, found, &tail.ops).await?;
        if !through && found.seen == before {
            return Err(SyncError::Confused("Central's list of operations has a hole".into()));
        }
    }
    if !through {
        lose(till, found.mended).await?;
    }
    tracing::warn!(from = gap.after.seq, fetched = found.mended.seq, "the log was mended");
    for topic in [Topic::Selling, Topic::Codes, Topic::Orders, Topic::Queue] {
        till.tell(topic);
    }
    Ok(())
}

/// The leases of the sales among these. What cannot be read is refused when it is kept.
fn sold_from(ops: &[LoggedOp]) -> Vec<LeaseId> {
    let mut leases = Vec::new();
    for op in ops.iter().filter_map(|logged| Op::from_bytes(logged.op.as_ref()?.as_bytes()).ok()) {
        if let OpBody::Sale { lease_id, .. } = op.body
            && !leases.contains(&lease_id)
        {
            leases.push(lease_id);
        }
    }
    leases
}

/// How far Central's list was followed.
#[derive(Clone, Copy)]
struct Found {
    /// The last operation that came back: the gap begins behind it.
    mended: LogHead,
    /// The last number whose hash is known; ahead of `mended` by a loss that was declared before.
    head: LogHead,
    /// The last number looked at; inside a declared loss it is ahead of `head`.
    seen: u32,
}

/// The gap behind an operation as it is now. Whoever writes to the log while Central is asked may make it longer: by
/// numbers that the keyring has and a failed commit took back.
async fn gap_behind(db: &mut SqliteConnection, head: LogHead) -> Result<Gap, SyncError> {
    let gap = repo::gap_after(db, head.seq).await?;
    gap.ok_or_else(|| SyncError::Confused(format!("the gap behind operation {} is not there any more", head.seq)))
}

/// Keeps one answer of Central, and what is still missing after it, in one transaction: a recovery that is cut goes on
/// there. What Central was told is lost stays a gap, and the next push leaves it out again. True once Central's list was
/// followed through the gap.
async fn store(till: &Till, from: Found, ops: &[LoggedOp]) -> Result<(Found, bool), SyncError> {
    let marks = till.writer().await.marks(till.vault(), asking_device(till).await?).await?.clone();
    let mut transaction = till.store().write_local().await?;
    let gap = gap_behind(&mut transaction, from.mended).await?;
    let Found { mut mended, head: mut at, mut seen } = from;
    let mut missing = Vec::new();
    for logged in ops {
        if logged.op_seq != seen + 1 || logged.op_seq > gap.through.seq {
            break;
        }
        seen = logged.op_seq;
        match (&logged.op, hash(logged)?) {
            (Some(text), Some(hash)) => {
                if mended.seq < at.seq {
                    missing.push(Gap { after: mended, through: at, state: GapState::Lost });
                }
                at = at.extend(text.as_bytes());
                if (at.seq, at.hash) != (seen, hash) {
                    return Err(SyncError::Confused(format!("Central's list does not chain at {seen}")));
                }
                restore(&mut transaction, &marks, logged, text, at).await?;
                mended = at;
            }
            // Declared lost before: only Central's word for its end is left, and nobody knows what is inside.
            (None, Some(hash)) => at = LogHead { seq: seen, hash },
            (None, None) => {}
            (Some(_), None) => return Err(SyncError::Confused(format!("operation {seen} came without its hash"))),
        }
    }
    if at.seq == gap.through.seq && at.hash != gap.through.hash {
        drop(transaction);
        return forked(till, format!("the logs differ at {}", at.seq)).await.map(|()| (from, true));
    }
    // A loss that Central was told of may reach beyond the gap.
    let through = seen >= gap.through.seq;
    if mended.seq < gap.through.seq {
        let state = if through { GapState::Lost } else { GapState::Unknown };
        missing.push(Gap { after: mended, through: gap.through, state });
    }
    repo::settle_gap(&mut transaction, gap, &missing).await?;
    // Later operations of this device may stand after the gap already. What Central has is not moved: the push repeats
    // these, and brings along older ones that Central was told are lost.
    let head = device::repo::device(&mut transaction).await?.ok_or(SyncError::NotEnrolled)?.head;
    if head.seq < at.seq {
        device::repo::set_head(&mut transaction, at).await?;
    }
    transaction.commit().await.map_err(crate::store::StoreError::from)?;
    Ok((Found { mended, head: at, seen }, through))
}

/// Central has nothing more of the gap behind this operation.
async fn lose(till: &Till, mended: LogHead) -> Result<(), SyncError> {
    let mut transaction = till.store().write_local().await?;
    let gap = gap_behind(&mut transaction, mended).await?;
    repo::settle_gap(&mut transaction, gap, &[Gap { state: GapState::Lost, ..gap }]).await?;
    transaction.commit().await.map_err(crate::store::StoreError::from)?;
    Ok(())
}

fn hash(logged: &LoggedOp) -> Result<Option<[u8; 32]>, SyncError> {
    if logged.hash.is_empty() {
        return Ok(None);
    }
    let bytes = hex::decode(&logged.hash).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.map(Some).ok_or_else(|| SyncError::Confused("a hash of Central's list is not one".into()))
}

async fn asking_device(till: &Till) -> Result<counterfoil_domain::ids::DeviceId, SyncError> {
    Ok(till.device().await?.ok_or(SyncError::NotEnrolled)?.device_id)
}

/// One operation back into the log, with what it did.
async fn restore(
    db: &mut SqliteConnection,
    marks: &Marks,
    logged: &LoggedOp,
    text: &str,
    head: LogHead,
) -> Result<(), SyncError> {
    let op = Op::from_bytes(text.as_bytes()).map_err(|error| SyncError::Confused(error.to_string()))?;
    repo::insert(db, &op, text.as_bytes(), head).await?;
    match &op.body {
        OpBody::Sale { sale_id, lease_id, slot, plan_id, seq_from, seq_to, customer_email } => {
            let order = Order {
                sale_id: *sale_id,
                plan_id: *plan_id,
                quantity: seq_to.saturating_sub(*seq_from) + 1,
                customer_email: customer_email.clone(),
            };
            selling::repo::insert_sale(db, &order, op.created_at).await?;
            let about = About { lease_id: *lease_id, seq_from: *seq_from, seq_to: *seq_to };
            restore_codes(db, marks, &op, *slot, about, customer_email.clone()).await?;
            repo::overlay(db, about, OverlayKind::Sale, op.op_seq).await?;
        }
        OpBody::Void { lease_id, seq } => {
            let about = About { lease_id: *lease_id, seq_from: *seq, seq_to: *seq };
            repo::overlay(db, about, OverlayKind::Void, op.op_seq).await?;
        }
        OpBody::CloseLease { lease_id, .. } => {
            lease::repo::end(db, *lease_id, LeaseState::Closed).await?;
        }
        OpBody::Fulfilment { order_id, .. } => repo::overlay_order(db, *order_id, op.op_seq).await?,
        // What they are about is at Central and on the portal: nothing here shows it.
        OpBody::Reprovision { .. } | OpBody::BoxContact { .. } => {}
    }
    if let Some(result) = &logged.result {
        repo::answer(db, result).await?;
    }
    Ok(())
}

async fn restore_codes(
    db: &mut SqliteConnection,
    marks: &Marks,
    op: &Op,
    slot: u8,
    about: About,
    customer_email: Option<String>,
) -> Result<(), SyncError> {
    let held = lease::repo::leases(db, marks).await?;
    let OpBody::Sale { sale_id, .. } = &op.body else { return Ok(()) };
    let Some((lease, held_slot)) = held
        .iter()
        .find(|lease| lease.lease_id == about.lease_id)
        .and_then(|lease| lease.slots.iter().find(|held| held.slot.slot == slot).map(|held| (lease, held)))
    else {
        let lease_id = about.lease_id;
        tracing::warn!(%lease_id, "a restored sale belongs to a lease this device cannot get back: its codes stay unknown");
        return Ok(());
    };
    let central = device::repo::device(db).await?.and_then(|device| device.central_key);
    let central = central.and_then(|key| VerifyingKey::from_bytes(&key).ok()).ok_or(SyncError::NotEnrolled)?;
    let Some(source) = lease::repo::code_source(db, about.lease_id, &central).await? else { return Ok(()) };
    let sold = Sold { sale_id: *sale_id, customer_email, sold_at: op.created_at, op_seq: op.op_seq };
    for seq in about.seq_from..=about.seq_to {
        selling::repo::insert_code(db, &selling::derive(lease, held_slot, &source, seq, &sold)).await?;
    }
    let used = i64::from(about.seq_to - about.seq_from + 1).saturating_mul(held_slot.slot.cost);
    let mark = Watermark { seq: about.seq_to, used: lease.mark.used.max(used), closed: false };
    lease::repo::raise_use(db, about.lease_id, mark).await?;
    Ok(())
}
