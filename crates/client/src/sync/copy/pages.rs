//! Pages into the copy, from where it stands to the end of the feed.

use counterfoil_domain::feed::{Cursor, FeedTable};
use counterfoil_wire::problem::Code;
use counterfoil_wire::pull::{MAX_ROWS, PullPage, PullQuery};

use super::{Attempt, discard, finish};
use crate::store::StoreError;
use crate::sync::progress::tell_rows;
use crate::sync::{SyncError, TABLES, apply, compare};
use crate::till::{AsDevice, Till};

/// Copies one run begins at most: a Central that moves on faster than it can be read is left for later.
const MOST_BEGUN: u32 = 5;

/// One page; true when more wait.
pub(super) async fn page(till: &Till, asking: &AsDevice<'_>, attempt: &mut Attempt) -> Result<bool, SyncError> {
    let cursor = cursor(till).await?;
    let query = PullQuery { cursor, limit: Some(MAX_ROWS), tables: Some(TABLES) };
    let page = match till.central().pull(&asking.address, &query, asking.caller()).await {
        Ok(page) => page,
        Err(error) if error.is(Code::CursorExpired) && query.cursor.is_some() => {
            return begin_anew(till, attempt).await;
        }
        Err(error) => return Err(error.into()),
    };
    let epoch = Cursor::from_text(&page.cursor).map_err(|error| SyncError::Confused(error.to_string()))?.epoch;
    if asking.device.epoch.is_some_and(|known| known != epoch) {
        return begin_anew(till, attempt).await;
    }
    let differing = put(till, &page).await?;
    till.learn_time(page.server_time);
    if page.more {
        tell_rows(till, page.changes.len()).await;
        return Ok(true);
    }
    if !differing.is_empty() {
        tracing::warn!(?differing, "the new copy does not add up to Central's rows");
        if std::mem::take(&mut attempt.from_snapshot) {
            attempt.snapshots = false;
            discard(till).await?;
            return Ok(true);
        }
    }
    till.sync.set_differs(!differing.is_empty());
    finish::finish(till, asking, page.version).await?;
    Ok(false)
}

async fn cursor(till: &Till) -> Result<Option<String>, StoreError> {
    let mut transaction = till.store().write_next().await?;
    Ok(counterfoil_cache::position(&mut transaction).await?.map(|position| position.cursor))
}

/// Returns the tables that do not add up to Central's.
async fn put(till: &Till, page: &PullPage) -> Result<Vec<FeedTable>, StoreError> {
    let mut transaction = till.store().write_next().await?;
    let differing = apply::changes(&mut transaction, page).await?;
    transaction.commit().await?;
    Ok(differing)
}

/// Central was restored meanwhile, or forgot what the copy would need.
async fn begin_anew(till: &Till, attempt: &mut Attempt) -> Result<bool, SyncError> {
    tracing::warn!("Central moved on while it was read: everything again");
    attempt.stop_unpacking().await;
    discard(till).await?;
    attempt.begun += 1;
    if attempt.begun > MOST_BEGUN {
        return Err(SyncError::Confused("Central cannot be read to the end".into()));
    }
    compare::again(till).await?;
    Ok(true)
}
