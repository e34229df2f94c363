//! A page of the feed into the cache.

use counterfoil_wire::pull::PullPage;

use crate::store::StoreError;
use crate::till::Till;

/// Applies a page together with its cursor: both or neither.
pub(crate) async fn page(till: &Till, page: &PullPage) -> Result<(), StoreError> {
    let mut transaction = till.store().write_cache().await?;
    counterfoil_cache::apply(&mut transaction, &page.changes).await?;
    counterfoil_cache::set_position(&mut transaction, &page.cursor, page.version).await?;
    transaction.commit().await?;
    Ok(())
}

/// Empties the cache: the next pull starts from nothing.
pub(crate) async fn forget(till: &Till) -> Result<(), StoreError> {
    let mut transaction = till.store().write_cache().await?;
    counterfoil_cache::clear(&mut transaction).await?;
    transaction.commit().await?;
    Ok(())
}
