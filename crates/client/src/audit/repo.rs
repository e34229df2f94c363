//! SQL of what is remembered.

use counterfoil_domain::audit::AuditHash;
use counterfoil_domain::ids::Epoch;
use counterfoil_domain::time::Timestamp;
use sqlx::SqliteConnection;
use uuid::Uuid;

use crate::store::StoreError;

/// A line of the chain as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Checkpoint {
    pub(super) epoch: Uuid,
    pub(super) seq: i64,
    pub(super) hash: Vec<u8>,
    pub(super) seen_at: i64,
}

/// All of them, each epoch's by number.
pub(super) async fn checkpoints(db: &mut SqliteConnection) -> Result<Vec<Checkpoint>, StoreError> {
    let all = sqlx::query_as!(
        Checkpoint,
        r#"SELECT epoch AS "epoch: Uuid", seq, hash, seen_at FROM audit_checkpoint ORDER BY epoch, seq"#
    );
    Ok(all.fetch_all(db).await?)
}

/// Of one epoch, by number.
pub(super) async fn of_epoch(db: &mut SqliteConnection, epoch: Epoch) -> Result<Vec<Checkpoint>, StoreError> {
    let all = sqlx::query_as!(
        Checkpoint,
        r#"SELECT epoch AS "epoch: Uuid", seq, hash, seen_at FROM audit_checkpoint WHERE epoch = ?1 ORDER BY seq"#,
        epoch.0
    );
    Ok(all.fetch_all(db).await?)
}

pub(super) async fn remember(
    db: &mut SqliteConnection,
    epoch: Epoch,
    seq: i64,
    hash: &AuditHash,
    now: Timestamp,
) -> Result<(), StoreError> {
    let hash = hash.as_slice();
    sqlx::query!(
        "INSERT INTO audit_checkpoint (epoch, seq, hash, seen_at) VALUES (?1, ?2, ?3, ?4)",
        epoch.0,
        seq,
        hash,
        now.0
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn give_up(db: &mut SqliteConnection, epoch: Epoch, seq: i64) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM audit_checkpoint WHERE epoch = ?1 AND seq = ?2", epoch.0, seq).execute(db).await?;
    Ok(())
}

/// Of the epochs before this one all but so many, the oldest first.
pub(super) async fn forget_epochs(db: &mut SqliteConnection, but: Epoch, most: i64) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM audit_checkpoint WHERE epoch <> ?1 AND (epoch, seq) NOT IN
            (SELECT epoch, seq FROM audit_checkpoint WHERE epoch <> ?1 ORDER BY seen_at DESC, seq DESC LIMIT ?2)",
        but.0,
        most
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Kept once for each line. False when it is known.
pub(super) async fn contradict(
    db: &mut SqliteConnection,
    remembered: &Checkpoint,
    held: Option<&[u8]>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "INSERT INTO audit_contradiction (epoch, seq, remembered, held, found_at) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (epoch, seq) DO NOTHING",
        remembered.epoch,
        remembered.seq,
        remembered.hash,
        held,
        now.0
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The first line that Central told otherwise, and when that was seen.
pub(super) async fn first_contradiction(db: &mut SqliteConnection) -> Result<Option<(i64, i64)>, StoreError> {
    let first = sqlx::query!("SELECT seq, found_at FROM audit_contradiction ORDER BY found_at, seq LIMIT 1")
        .fetch_optional(db)
        .await?;
    Ok(first.map(|row| (row.seq, row.found_at)))
}
