//! What a restored Central can have forgotten, and what it cannot: operations are kept until its backup holds them.

use counterfoil_domain::oplog::LogHead;
use sqlx::SqliteConnection;

use super::repo::{self, Gap, GapState};
use crate::store::StoreError;

/// Keeps a loss that Central was told, to tell it again.
pub(crate) async fn remember(db: &mut SqliteConnection, gap: Gap) -> Result<(), StoreError> {
    let (after_hash, through_hash) = (gap.after.hash.as_slice(), gap.through.hash.as_slice());
    sqlx::query!(
        "INSERT INTO declared_loss (after_seq, after_hash, through_seq, through_hash) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (after_seq) DO UPDATE SET through_seq = ?3, through_hash = ?4",
        gap.after.seq,
        after_hash,
        gap.through.seq,
        through_hash
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn declared(db: &mut SqliteConnection, behind: u32) -> Result<Vec<Gap>, StoreError> {
    let rows = sqlx::query!(
        "SELECT after_seq, after_hash, through_seq, through_hash FROM declared_loss WHERE through_seq > ?1
        ORDER BY after_seq",
        behind
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let after = repo::head(row.after_seq, &row.after_hash)?;
            let through = repo::head(row.through_seq, &row.through_hash)?;
            Ok(Gap { after, through, state: GapState::Lost })
        })
        .collect()
}

/// Central has the log up to `head` only and had it up to `acked`: what is behind waits again, and what was declared lost
/// is declared again.
pub(crate) async fn reopen(db: &mut SqliteConnection, head: LogHead, acked: LogHead) -> Result<(), StoreError> {
    let losses = declared(db, head.seq).await?;
    let kept = sqlx::query_scalar!("SELECT op_seq FROM op WHERE op_seq > ?1 AND op_seq <= ?2", head.seq, acked.seq)
        .fetch_all(&mut *db)
        .await?;
    let from = whole_from(acked.seq, &kept, &losses);
    let mut again_after = head.seq;
    if from > head.seq {
        // A backup from before the one that was safe: what was forgotten since is lost here, too. The first operation
        // that is left goes with it, because the hash before it is forgotten. Codes still settle when they are redeemed.
        let through = match losses.iter().find(|loss| loss.after.seq == from) {
            Some(loss) => loss.through,
            None if from == acked.seq => acked,
            None => repo::head_at(db, from + 1).await?.unwrap_or(acked),
        };
        tracing::error!(from = head.seq, through = through.seq, "Central was restored from too old a backup");
        repo::open_gap(db, head, through).await?;
        repo::set_lost(db, head.seq).await?;
        again_after = through.seq;
    }
    repo::reopen(db, again_after).await?;
    for loss in losses.iter().filter(|loss| loss.after.seq >= again_after) {
        repo::open_gap(db, loss.after, loss.through).await?;
        repo::set_lost(db, loss.after.seq).await?;
    }
    sqlx::query!("DELETE FROM declared_loss WHERE through_seq > ?1", head.seq).execute(db).await?;
    Ok(())
}

/// The lowest number behind which every operation up to `acked` is here or was declared lost.
fn whole_from(acked: u32, kept: &[i64], losses: &[Gap]) -> u32 {
    let kept: std::collections::HashSet<i64> = kept.iter().copied().collect();
    let mut from = acked;
    loop {
        if from > 0 && kept.contains(&i64::from(from)) {
            from -= 1;
        } else if let Some(loss) = losses.iter().find(|loss| loss.through.seq == from) {
            from = loss.after.seq;
        } else {
            return from;
        }
    }
}

/// Forgets what Central's backup holds and nobody has to look at. The operation at the watermark stays: its hash is where
/// a restored Central would go on.
pub(crate) async fn prune(db: &mut SqliteConnection, watermark: u32) -> Result<(), StoreError> {
    repo::prune(db, watermark).await?;
    sqlx::query!("DELETE FROM declared_loss WHERE through_seq < ?1", watermark).execute(db).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seq: u32) -> LogHead {
        LogHead { seq, hash: [u8::try_from(seq).unwrap_or(0); 32] }
    }

    #[test]
    fn a_log_is_whole_over_declared_losses_and_not_over_forgotten_numbers() {
        let loss = Gap { after: at(4), through: at(6), state: GapState::Lost };
        assert_eq!(whole_from(8, &[3, 4, 7, 8], &[loss]), 2);
        assert_eq!(whole_from(8, &[3, 4, 7, 8], &[]), 6);
        assert_eq!(whole_from(8, &[], &[]), 8);
        assert_eq!(whole_from(2, &[1, 2], &[]), 0);
    }
}
