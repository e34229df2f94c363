//! Rows of the log.

use counterfoil_domain::ids::{OpId, OrderId};
use counterfoil_domain::oplog::{LogHead, Op, OpBody, OpOutcome};
use counterfoil_wire::push::OpResult;
use sqlx::SqliteConnection;

use super::About;
use crate::store::StoreError;

/// Numbers that were given out and are not in this file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) after: LogHead,
    pub(crate) through: LogHead,
    pub(crate) state: GapState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GapState {
    /// Central has not been asked whether it has them.
    Unknown,
    /// Central never saw them; the next push says so.
    Lost,
}

/// An operation that Central has not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) op_seq: u32,
    pub(crate) body: String,
}

/// Records a gap, or makes a recorded one longer: also one that ends where this begins, since nothing can be sent
/// between two gaps that would tell Central of the first.
pub(crate) async fn open_gap(db: &mut SqliteConnection, after: LogHead, through: LogHead) -> Result<(), StoreError> {
    let (after_hash, through_hash) = (after.hash.as_slice(), through.hash.as_slice());
    sqlx::query!(
        "UPDATE log_gap SET through_seq = ?2, through_hash = ?3, state = 'unknown'
        WHERE after_seq <= ?1 AND through_seq >= ?1 AND through_seq < ?2",
        after.seq,
        through.seq,
        through_hash
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "INSERT INTO log_gap (after_seq, after_hash, through_seq, through_hash, state)
        SELECT ?1, ?2, ?3, ?4, 'unknown'
        WHERE NOT EXISTS (SELECT 1 FROM log_gap WHERE after_seq <= ?1 AND through_seq >= ?3)",
        after.seq,
        after_hash,
        through.seq,
        through_hash
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A row of `log_gap`.
struct GapRow {
    after_seq: i64,
    after_hash: Vec<u8>,
    through_seq: i64,
    through_hash: Vec<u8>,
    state: String,
}

impl GapRow {
    fn read(&self) -> Result<Gap, StoreError> {
        Ok(Gap {
            after: head(self.after_seq, &self.after_hash)?,
            through: head(self.through_seq, &self.through_hash)?,
            state: match self.state.as_str() {
                "unknown" => GapState::Unknown,
                "lost" => GapState::Lost,
                other => return Err(StoreError::unknown("log_gap", "state", other)),
            },
        })
    }
}

/// The two oldest gaps.
pub(crate) async fn gaps(db: &mut SqliteConnection) -> Result<Vec<Gap>, StoreError> {
    let rows = sqlx::query_as!(
        GapRow,
        "SELECT after_seq, after_hash, through_seq, through_hash, state FROM log_gap ORDER BY after_seq LIMIT 2"
    )
    .fetch_all(db)
    .await?;
    rows.iter().map(GapRow::read).collect()
}

/// The gap that begins after an operation.
pub(crate) async fn gap_after(db: &mut SqliteConnection, after: u32) -> Result<Option<Gap>, StoreError> {
    let row = sqlx::query_as!(
        GapRow,
        "SELECT after_seq, after_hash, through_seq, through_hash, state FROM log_gap WHERE after_seq = ?1",
        after
    )
    .fetch_optional(db)
    .await?;
    row.as_ref().map(GapRow::read).transpose()
}

/// Replaces a gap by what is still missing of it: nothing, or parts with operations between them.
pub(crate) async fn settle_gap(db: &mut SqliteConnection, gap: Gap, left: &[Gap]) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM log_gap WHERE after_seq = ?1", gap.after.seq).execute(&mut *db).await?;
    for part in left {
        open_gap(db, part.after, part.through).await?;
        if part.state == GapState::Lost {
            set_lost(db, part.after.seq).await?;
        }
    }
    Ok(())
}

/// Central does not have it, or not any more.
pub(super) async fn set_lost(db: &mut SqliteConnection, after: u32) -> Result<(), StoreError> {
    sqlx::query!("UPDATE log_gap SET state = 'lost' WHERE after_seq = ?1", after).execute(db).await?;
    Ok(())
}

/// Central has the log up to `head`: gaps that begin before it are asked for once more.
pub(crate) async fn ask_again(db: &mut SqliteConnection, head: LogHead) -> Result<(), StoreError> {
    sqlx::query!("UPDATE log_gap SET state = 'unknown' WHERE after_seq < ?1", head.seq).execute(db).await?;
    Ok(())
}

pub(crate) async fn insert(db: &mut SqliteConnection, op: &Op, bytes: &[u8], head: LogHead) -> Result<(), StoreError> {
    let body = std::str::from_utf8(bytes).map_err(|error| StoreError::unknown("op", "body", error.to_string()))?;
    let hash = head.hash.as_slice();
    let kind = kind(&op.body);
    let about = About::of(&op.body);
    let lease = about.map(|about| about.lease_id.0);
    let (seq_from, seq_to) = (about.map(|about| about.seq_from), about.map(|about| about.seq_to));
    let (order, units) = match &op.body {
        OpBody::Fulfilment { order_id, units, .. } => (Some(order_id.0), Some(*units)),
        OpBody::Sale { .. }
        | OpBody::Void { .. }
        | OpBody::CloseLease { .. }
        | OpBody::Reprovision { .. }
        | OpBody::BoxContact { .. } => (None, None),
    };
    let (portal, account, contact) = match &op.body {
        OpBody::Reprovision { portal_id, account_id } => (Some(portal_id.0), Some(account_id.0), None),
        OpBody::BoxContact { portal_id, account_id, contact, outcome } => {
            (Some(portal_id.0), Some(account_id.0), Some((contact.as_str(), outcome.as_str())))
        }
        OpBody::Sale { .. } | OpBody::Void { .. } | OpBody::CloseLease { .. } | OpBody::Fulfilment { .. } => {
            (None, None, None)
        }
    };
    let (contact, contact_outcome) = contact.unzip();
    sqlx::query!(
        "INSERT INTO op (op_seq, op_id, kind, lease_id, seq_from, seq_to, order_id, units, portal_id, account_id, contact,
            contact_outcome, body, hash, created_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        op.op_seq,
        op.op_id.0,
        kind,
        lease,
        seq_from,
        seq_to,
        order,
        units,
        portal,
        account,
        contact,
        contact_outcome,
        body,
        hash,
        op.created_at.0
    )
    .execute(db)
    .await?;
    Ok(())
}

fn kind(body: &OpBody) -> &'static str {
    match body {
        OpBody::Sale { .. } => "sale",
        OpBody::Void { .. } => "void",
        OpBody::CloseLease { .. } => "close_lease",
        OpBody::Fulfilment { .. } => "fulfilment",
        OpBody::Reprovision { .. } => "reprovision",
        OpBody::BoxContact { .. } => "box_contact",
    }
}

/// Whether the log has an operation of this id.
pub(crate) async fn has(db: &mut SqliteConnection, op_id: OpId) -> Result<bool, StoreError> {
    let found = sqlx::query_scalar!(r#"SELECT EXISTS (SELECT 1 FROM op WHERE op_id = ?1) AS "found!: bool""#, op_id.0);
    Ok(found.fetch_one(db).await?)
}

/// Lays codes over the cache until it shows them.
pub(crate) async fn overlay(
    db: &mut SqliteConnection,
    about: About,
    kind: OverlayKind,
    op_seq: u32,
) -> Result<(), StoreError> {
    let kind = kind.as_str();
    for seq in about.seq_from..=about.seq_to {
        sqlx::query!(
            "INSERT INTO overlay (lease_id, seq, kind, op_seq) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (lease_id, seq, kind) DO UPDATE SET op_seq = ?4, version = NULL",
            about.lease_id.0,
            seq,
            kind,
            op_seq
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Lays a delivery over the cache until it shows it.
pub(crate) async fn overlay_order(db: &mut SqliteConnection, order: OrderId, op_seq: u32) -> Result<(), StoreError> {
    sqlx::query!("INSERT INTO order_overlay (op_seq, order_id) VALUES (?1, ?2)", op_seq, order.0).execute(db).await?;
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OverlayKind {
    Sale,
    Void,
}

impl OverlayKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Void => "void",
        }
    }
}

/// Operations after `after`, answered or not, without a gap between them.
pub(crate) async fn tail(db: &mut SqliteConnection, after: u32, limit: i64) -> Result<Vec<Waiting>, StoreError> {
    let rows = sqlx::query!("SELECT op_seq, body FROM op WHERE op_seq > ?1 ORDER BY op_seq LIMIT ?2", after, limit)
        .fetch_all(db)
        .await?;
    rows.into_iter().map(|row| Ok(Waiting { op_seq: number("op_seq", row.op_seq)?, body: row.body })).collect()
}

/// The chain's hash after an operation that is still here.
pub(crate) async fn head_at(db: &mut SqliteConnection, op_seq: u32) -> Result<Option<LogHead>, StoreError> {
    let row = sqlx::query!("SELECT op_seq, hash FROM op WHERE op_seq = ?1", op_seq).fetch_optional(db).await?;
    row.map(|row| head(row.op_seq, &row.hash)).transpose()
}

/// Keeps Central's final word and what it means for the overlay. False when it was known.
pub(crate) async fn answer(db: &mut SqliteConnection, result: &OpResult) -> Result<bool, StoreError> {
    let (outcome, reason) = match result.outcome {
        OpOutcome::Applied => ("applied", None),
        OpOutcome::Held { reason } => ("held", Some(name_of(&reason))),
        OpOutcome::Rejected { code } => ("rejected", Some(name_of(&code))),
    };
    let done = sqlx::query!(
        "UPDATE op SET outcome = ?2, reason = ?3, acked_version = ?4 WHERE op_seq = ?1 AND outcome IS NULL",
        result.op_seq,
        outcome,
        reason,
        result.version
    )
    .execute(&mut *db)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    if outcome == "rejected" {
        // It never happened; the queue keeps the item for a person to see.
        sqlx::query!("DELETE FROM overlay WHERE op_seq = ?1", result.op_seq).execute(&mut *db).await?;
        sqlx::query!("DELETE FROM order_overlay WHERE op_seq = ?1", result.op_seq).execute(db).await?;
    } else {
        sqlx::query!("UPDATE overlay SET version = ?2 WHERE op_seq = ?1", result.op_seq, result.version)
            .execute(&mut *db)
            .await?;
        sqlx::query!("UPDATE order_overlay SET version = ?2 WHERE op_seq = ?1", result.op_seq, result.version)
            .execute(db)
            .await?;
    }
    Ok(true)
}

/// Central lost its answers after `head` (it was restored from a backup): those operations wait again, and what they did
/// is laid over the cache again.
pub(crate) async fn reopen(db: &mut SqliteConnection, head: u32) -> Result<(), StoreError> {
    sqlx::query!("UPDATE op SET outcome = NULL, reason = NULL, acked_version = NULL WHERE op_seq > ?1", head)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "INSERT INTO overlay (lease_id, seq, kind, op_seq)
        SELECT lease_id, seq, 'sale', op_seq FROM issued_code WHERE op_seq > ?1
        UNION ALL SELECT lease_id, seq_from, 'void', op_seq FROM op WHERE kind = 'void' AND op_seq > ?1
        ON CONFLICT (lease_id, seq, kind) DO UPDATE SET version = NULL",
        head
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "INSERT INTO order_overlay (op_seq, order_id)
        SELECT op_seq, order_id FROM op WHERE kind = 'fulfilment' AND op_seq > ?1
        ON CONFLICT (op_seq) DO UPDATE SET version = NULL",
        head
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Drops what the cache now shows by itself (the rule is `domain::overlay::covers`).
pub(crate) async fn drop_covered(db: &mut SqliteConnection, cache_version: i64) -> Result<u64, StoreError> {
    let codes = sqlx::query!("DELETE FROM overlay WHERE version IS NOT NULL AND version <= ?1", cache_version)
        .execute(&mut *db)
        .await?;
    let orders = sqlx::query!("DELETE FROM order_overlay WHERE version IS NOT NULL AND version <= ?1", cache_version)
        .execute(db)
        .await?;
    Ok(codes.rows_affected() + orders.rows_affected())
}

/// Forgets operations that Central's backup holds and nobody has to look at.
pub(crate) async fn prune(db: &mut SqliteConnection, watermark: u32) -> Result<(), StoreError> {
    sqlx::query!("UPDATE device SET backup_watermark = MAX(backup_watermark, ?1) WHERE one = 1", watermark)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "DELETE FROM op WHERE op_seq < ?1 AND outcome IS NOT NULL AND (outcome = 'applied' OR dismissed)
        AND op_seq < (SELECT acked_seq FROM device WHERE one = 1)
        AND NOT EXISTS (SELECT 1 FROM overlay WHERE overlay.op_seq = op.op_seq)
        AND NOT EXISTS (SELECT 1 FROM order_overlay WHERE order_overlay.op_seq = op.op_seq)",
        watermark
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Operations without an answer, and answered ones a person has to look at.
pub(crate) async fn counts(db: &mut SqliteConnection) -> Result<(u32, u32), StoreError> {
    let row = sqlx::query!(
        r#"SELECT
            (SELECT COUNT(*) FROM op WHERE outcome IS NULL) AS "waiting!: i64",
            (SELECT COUNT(*) FROM op WHERE outcome IN ('held', 'rejected') AND NOT dismissed) AS "attention!: i64""#
    )
    .fetch_one(db)
    .await?;
    Ok((number("count", row.waiting)?, number("count", row.attention)?))
}

/// A person has seen a refusal. False when there is no such item.
pub(crate) async fn dismiss(db: &mut SqliteConnection, op_seq: u32) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "UPDATE op SET dismissed = TRUE WHERE op_seq = ?1 AND outcome IN ('held', 'rejected') AND NOT dismissed",
        op_seq
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The stored name of an outcome's reason: the one it has on the wire.
fn name_of<T: serde::Serialize>(reason: &T) -> String {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::from("unknown"),
    }
}

pub(super) fn head(seq: i64, hash: &[u8]) -> Result<LogHead, StoreError> {
    let hash = hash.try_into().map_err(|_| StoreError::unknown("op", "hash", format!("{} bytes", hash.len())))?;
    Ok(LogHead { seq: number("op_seq", seq)?, hash })
}

pub(super) fn number(column: &'static str, value: i64) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|_| StoreError::unknown("op", column, value.to_string()))
}
