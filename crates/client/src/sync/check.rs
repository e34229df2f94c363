//! Rows that do not add up to Central's are read again: once, and told.

use counterfoil_cache::Repair;
use counterfoil_domain::feed::FeedTable;

use super::copy::{self, Attempt};
use crate::store::StoreError;
use crate::till::Till;

/// After a repair that did not help, or was needed again, everything is not read once more before this time.
const PAUSE_MS: i64 = 60 * 60 * 1000;

/// Looks at what a page's end found; true when everything is read again.
pub(super) async fn found(till: &Till, attempt: &mut Attempt, differing: &[FeedTable]) -> Result<bool, StoreError> {
    till.sync.set_differs(!differing.is_empty());
    if differing.is_empty() {
        return Ok(false);
    }
    let now = till.clock().wall();
    // Any of them: after the clock was turned back the last by its time is not the one that was last.
    let repairs = counterfoil_cache::repairs(&mut *till.read().await?).await?;
    let lately = repairs.iter().any(|repair| repair.at <= now && now < repair.at.plus_ms(PAUSE_MS));
    if attempt.repaired || lately {
        tracing::warn!(?differing, "the rows here still do not add up to Central's");
        return Ok(false);
    }
    tracing::warn!(?differing, "the rows here do not add up to Central's: they are read again");
    attempt.repaired = true;
    let mut transaction = till.store().write_cache().await?;
    counterfoil_cache::note_repair(&mut transaction, &Repair::of(now, differing)).await?;
    transaction.commit().await?;
    copy::require(till).await?;
    Ok(true)
}
