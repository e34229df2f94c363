//! Reading the feed: a page and its cursor in one transaction, so that a kill resumes exactly where it stopped.

use counterfoil_domain::feed::Cursor;
use counterfoil_domain::ids::Epoch;
use counterfoil_wire::devices::DeviceStatus;
use counterfoil_wire::problem::Code;
use counterfoil_wire::pull::{FeedRow, MAX_ROWS, PullPage, PullQuery};

use super::copy::{self, Attempt, Fetched};
use super::progress::tell_rows;
use super::{SyncError, TABLES, apply, check, compare};
use crate::api::Topic;
use crate::audit;
use crate::brand;
use crate::device;
use crate::lease;
use crate::outbox::{losses, repo as log};
use crate::store::StoreError;
use crate::till::{AsDevice, Till};

/// Reads one page, or a part of a whole new copy; true when more wait.
pub(super) async fn pull(till: &Till, asking: &AsDevice<'_>, attempt: &mut Attempt) -> Result<bool, SyncError> {
    let position = counterfoil_cache::position(&mut *till.read().await?).await.map_err(StoreError::from)?;
    let cursor = match position {
        Some(position) if position.is_void() => return copy::advance(till, asking, attempt).await,
        Some(position) => Some(position.cursor),
        // Nothing is shown yet: pages come straight into the cache where no ready-made file is to be had, and show.
        None => match copy::fetch(till, asking, attempt).await? {
            Fetched::Part => return Ok(true),
            Fetched::Ready => return copy::advance(till, asking, attempt).await,
            Fetched::Unavailable => None,
        },
    };
    let query = PullQuery { cursor, limit: Some(MAX_ROWS), tables: Some(TABLES) };
    let page = match till.central().pull(&asking.address, &query, asking.caller()).await {
        Ok(page) => page,
        // Central was restored, or this device was away too long: everything again.
        Err(error) if error.is(Code::CursorExpired) && query.cursor.is_some() => {
            tracing::warn!("the cursor is of another time: reading everything again");
            return start_again(till).await;
        }
        Err(error) => return Err(error.into()),
    };
    let epoch = Cursor::from_text(&page.cursor).map_err(|error| SyncError::Confused(error.to_string()))?.epoch;
    if asking.device.epoch.is_some_and(|known| known != epoch) {
        return start_again(till).await;
    }
    follow(till, asking, &page).await?;
    let differing = apply::page(till, &page).await?;
    conclude(till, &page, epoch).await?;
    till.learn_time(page.server_time);
    if page.more {
        tell_rows(till, page.changes.len()).await;
        return Ok(true);
    }
    Ok(check::found(till, attempt, &differing).await?)
}

/// Everything again, and before that a look at whether Central forgot something of this device. A frozen one, which only reads,
/// forgets the epoch all the same: every page of the new one would start it again.
async fn start_again(till: &Till) -> Result<bool, SyncError> {
    apply::forget(till).await?;
    compare::again(till).await?;
    Ok(true)
}

/// What a page's rows mean for the precious side. SQLite is not atomic across files, so this comes first: behind the cursor
/// nothing would say that it was not done, and done twice it is the same.
async fn follow(till: &Till, asking: &AsDevice<'_>, page: &PullPage) -> Result<(), StoreError> {
    if page.changes.is_empty() {
        return Ok(());
    }
    let own = asking.device.device_id;
    let mut transaction = till.store().write_local().await?;
    for change in &page.changes {
        match &change.row {
            FeedRow::Settings(settings) => {
                let (name, zone) = (&settings.operator_name, &settings.time_zone);
                device::repo::set_operator(&mut transaction, name, zone, &settings.currency).await?;
            }
            FeedRow::Plan(plan) => lease::repo::name_plan(&mut transaction, plan.plan_id, &plan.name).await?,
            FeedRow::Device(row) if row.device_id == own && row.status != DeviceStatus::Active => {
                device::repo::quarantine(&mut transaction, "Central froze this device").await?;
            }
            _ => {}
        }
    }
    transaction.commit().await?;
    Ok(())
}

/// What a page says beside its rows, and what follows from their being here. What a kill left undone the next page does.
async fn conclude(till: &Till, page: &PullPage, epoch: Epoch) -> Result<(), StoreError> {
    let mut transaction = till.store().write_local().await?;
    device::repo::learn_server_time(&mut transaction, page.server_time).await?;
    if let Some(head) = &page.audit {
        audit::remember(&mut transaction, epoch, head, page.server_time).await?;
    }
    let rebranded = match &page.brand {
        Some(shown) => brand::keep(&mut transaction, shown).await?,
        None => false,
    };
    if !page.more {
        // Not before the last page: a row that changed again meanwhile comes at its latest version, on a later page.
        log::drop_covered(&mut transaction, page.version).await?;
        if let Some(watermark) = page.backup_watermark {
            losses::prune(&mut transaction, watermark).await?;
        }
    }
    transaction.commit().await?;
    if rebranded {
        till.tell(Topic::Brand);
    }
    if !page.changes.is_empty() {
        apply::tell(till);
    }
    Ok(())
}
