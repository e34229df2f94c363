//! A page of the feed into the cache.

use counterfoil_domain::feed::FeedTable;
use counterfoil_wire::pull::PullPage;
use sqlx::SqliteConnection;

use super::copy;
use crate::api::Topic;
use crate::store::StoreError;
use crate::till::Till;

/// Applies a page together with its cursor: both or neither. Returns the tables that then do not add up to Central's.
pub(crate) async fn page(till: &Till, page: &PullPage) -> Result<Vec<FeedTable>, StoreError> {
    let mut transaction = till.store().write_cache().await?;
    let differing = changes(&mut transaction, page).await?;
    transaction.commit().await?;
    Ok(differing)
}

/// The same in a transaction of the caller.
pub(super) async fn changes(db: &mut SqliteConnection, page: &PullPage) -> Result<Vec<FeedTable>, StoreError> {
    counterfoil_cache::apply(db, &page.changes).await?;
    counterfoil_cache::set_position(db, &page.cursor, page.version).await?;
    Ok(match page.digests.filter(|_| !page.more) {
        Some(central) => counterfoil_cache::digests(db).await?.differences(&central),
        None => Vec::new(),
    })
}

/// Tells whoever shows rows of the cache that they are others now.
pub(super) fn tell(till: &Till) {
    for topic in [Topic::Codes, Topic::Accounts, Topic::Credit, Topic::Orders, Topic::Selling] {
        till.tell(topic);
    }
}

/// Everything is read again. The rows are shown until then.
pub(crate) async fn forget(till: &Till) -> Result<(), StoreError> {
    copy::require(till).await
}

/// Empties the cache: its rows were another's.
pub(crate) async fn empty(till: &Till) -> Result<(), StoreError> {
    let mut transaction = till.store().write_cache().await?;
    counterfoil_cache::clear(&mut transaction).await?;
    transaction.commit().await?;
    copy::discard(till).await
}
