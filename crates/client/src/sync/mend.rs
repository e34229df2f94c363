//! A cache that the disk has damaged is made anew.
//!
//! Opening it reads its first pages only: reading all of a large one would keep each start waiting. Damage further in shows
//! when somebody reads or writes there, and then it is looked for.

use super::{apply, copy};
use crate::store::StoreError;
use crate::till::Till;

/// Looks through the cache where a database failed since the last look. What a new one lacks is read from Central again.
pub(super) async fn cache(till: &Till) -> Result<(), StoreError> {
    if !till.sync.suspects_cache() {
        return Ok(());
    }
    if !till.store().cache_is_sound().await? {
        tracing::error!("the cache is damaged and is made anew");
        copy::discard(till).await?;
        till.store().begin_cache_anew().await?;
        apply::tell(till);
    }
    till.sync.cache_looked_through(till.clock());
    Ok(())
}
