//! The copy is whole: it takes the place of the one in use.

use counterfoil_domain::ids::{DeviceId, PlanId};
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::files::Files;
use crate::device;
use crate::lease;
use crate::outbox::repo as log;
use crate::store::StoreError;
use crate::sync::{SyncError, apply};
use crate::till::{AsDevice, Till};

/// Each part can be done twice. What the rows mean for the precious side comes first: once the copy is in place nothing
/// says that it was not done. What the copy covers is dropped last: until then both are shown, and agree.
pub(super) async fn finish(till: &Till, asking: &AsDevice<'_>, version: i64) -> Result<(), SyncError> {
    let past = counterfoil_cache::repairs(&mut *till.read().await?).await.map_err(StoreError::from)?;
    let mut next = till.store().write_next().await?;
    for repair in &past {
        counterfoil_cache::note_repair(&mut next, repair).await.map_err(StoreError::from)?;
    }
    follow(till, &mut next, asking.device.device_id).await?;
    next.commit().await.map_err(StoreError::from)?;
    till.store().install_next().await?;
    // A kill may have left the file it was made from.
    Files::of(till).discard()?;
    let mut transaction = till.store().write_local().await?;
    log::drop_covered(&mut transaction, version).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    tracing::info!(version, "a new copy of Central's rows is in use");
    apply::tell(till);
    Ok(())
}

/// What a page's rows mean for `local.db`, for all rows at once.
async fn follow(till: &Till, next: &mut SqliteConnection, own: DeviceId) -> Result<(), StoreError> {
    let settings = sqlx::query!("SELECT operator_name, time_zone, currency FROM cached_settings")
        .fetch_optional(&mut *next)
        .await?;
    let plans =
        sqlx::query!(r#"SELECT plan_id AS "plan_id: Uuid", name FROM cached_plan"#).fetch_all(&mut *next).await?;
    let status = sqlx::query_scalar!("SELECT status FROM cached_device WHERE device_id = ?1", own.0)
        .fetch_optional(&mut *next)
        .await?;
    let mut local = till.store().write_local().await?;
    if let Some(settings) = settings {
        device::repo::set_operator(&mut local, &settings.operator_name, &settings.time_zone, &settings.currency)
            .await?;
    }
    for plan in plans {
        lease::repo::name_plan(&mut local, PlanId(plan.plan_id), &plan.name).await?;
    }
    if status.is_some_and(|status| status != "active") {
        device::repo::quarantine(&mut local, "Central froze this device").await?;
    }
    device::repo::learn_server_time(&mut local, till.last_server_time()).await?;
    local.commit().await?;
    Ok(())
}
