//! The Queue page: what Central has not finished with.

use crate::api::Topic;
use crate::outbox::listing::{self, Listed};
use crate::outbox::repo;
use crate::status;
use crate::store::StoreError;
use crate::till::Till;

/// A shop with more waiting has a problem the first thousand show.
const MOST: i64 = 1_000;

pub(crate) async fn list(till: &Till) -> Result<Vec<Listed>, StoreError> {
    listing::list(&mut *till.read().await?, MOST).await
}

/// A person has seen a refusal. False when there is no such item.
pub(crate) async fn dismiss(till: &Till, op_seq: u32) -> Result<bool, StoreError> {
    let mut transaction = till.store().write_local().await?;
    let dismissed = repo::dismiss(&mut transaction, op_seq).await?;
    transaction.commit().await?;
    if dismissed {
        till.tell(Topic::Queue);
        status::announce(till).await;
    }
    Ok(dismissed)
}
