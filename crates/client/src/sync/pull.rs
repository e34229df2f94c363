//! Reading the feed: a page and its cursor in one transaction, so that a kill resumes exactly where it stopped.

use counterfoil_domain::lease::LeaseState;
use counterfoil_wire::devices::DeviceStatus;
use counterfoil_wire::endpoint::Pull;
use counterfoil_wire::problem::Code;
use counterfoil_wire::pull::{FeedRow, MAX_ROWS, PullPage, PullQuery};

use super::{SyncError, apply};
use crate::api::Topic;
use crate::device;
use crate::lease;
use crate::outbox::repo as log;
use crate::store::StoreError;
use crate::till::{AsDevice, Till};

/// Reads one page; true when more wait.
pub(super) async fn pull(till: &Till, asking: &AsDevice<'_>) -> Result<bool, SyncError> {
    let cursor = sqlx::query_scalar!("SELECT cursor FROM feed_position WHERE one = 1")
        .fetch_optional(&mut *till.read().await?)
        .await
        .map_err(StoreError::from)?;
    let query = PullQuery { cursor, limit: Some(MAX_ROWS) };
    let page = match till.central().call::<Pull>(&asking.address, &[], &query, asking.caller()).await {
        Ok(page) => page,
        // Central was restored, or this device was away too long: everything again.
        Err(error) if error.is(Code::CursorExpired) && query.cursor.is_some() => {
            tracing::warn!("the cursor is of another time: reading everything again");
            apply::forget(till).await?;
            return Ok(true);
        }
        Err(error) => return Err(error.into()),
    };
    apply::page(till, &page).await?;
    follow(till, asking, &page).await?;
    till.learn_time(page.server_time);
    Ok(page.more)
}

/// What a page means for the precious side. Not atomic with the page: SQLite is not, across files. Every part of it can be
/// done twice, and what a kill left undone the next page or the next run does.
async fn follow(till: &Till, asking: &AsDevice<'_>, page: &PullPage) -> Result<(), SyncError> {
    let own = asking.device.device_id;
    let mut transaction = till.store().write_local().await?;
    for change in &page.changes {
        match &change.row {
            FeedRow::Settings(settings) => {
                let (name, zone) = (&settings.operator_name, &settings.time_zone);
                device::repo::set_operator(&mut transaction, name, zone, &settings.currency).await?;
            }
            FeedRow::Plan(plan) => lease::repo::name_plan(&mut transaction, plan.plan_id, &plan.name).await?,
            FeedRow::Lease(row) if row.device_id == own && row.state != LeaseState::Open => {
                lease::repo::end(&mut transaction, row.lease_id, row.state).await?;
            }
            FeedRow::Device(row) if row.device_id == own && row.status != DeviceStatus::Active => {
                device::repo::quarantine(&mut transaction, "Central froze this device").await?;
            }
            _ => {}
        }
    }
    device::repo::learn_server_time(&mut transaction, page.server_time).await?;
    if !page.more {
        // Not before the last page: a row that changed again meanwhile comes at its latest version, on a later page.
        log::drop_covered(&mut transaction, page.version).await?;
    }
    transaction.commit().await.map_err(StoreError::from)?;
    if !page.changes.is_empty() {
        for topic in [Topic::Codes, Topic::Credit, Topic::Selling] {
            till.tell(topic);
        }
    }
    Ok(())
}
