//! Leases: stock escrowed for one device, so that it can sell with no network.

mod end;
mod error;
mod grant;
mod present;
mod record;
pub(crate) mod repo;
mod usage;

use std::collections::BTreeMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::OperatorId;
use counterfoil_wire::leases::{Lease, LeasesQuery};
use counterfoil_wire::page::Page;
use uuid::Uuid;

use super::App;
use super::http::{key_text, limit, newest_before, page};
use super::work::Work;
use crate::dialect;

#[cfg(test)]
pub(crate) use end::expire_in_parts;
pub(crate) use end::{Closing, close, expire, forget, revoke};
pub(crate) use error::quarantined;
pub(crate) use grant::grant;
pub(crate) use present::present;
pub(crate) use record::{LeaseRecord, LeaseView, SlotRecord, lease_records, lease_views};

/// Leases under their locks, which are taken in the order of their ids; those that nobody has are left out.
pub(crate) async fn lock_all(work: &mut Work, mut ids: Vec<Uuid>) -> Result<BTreeMap<Uuid, LeaseRecord>, Failure> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    ids.sort_unstable();
    ids.dedup();
    let locked = dialect::lock_leases(work.conn(), &ids).await?;
    Ok(locked.into_iter().map(|lease| (lease.id, lease)).collect())
}

/// Leases of the operator, the newest first.
pub(crate) async fn list(app: &App, operator: OperatorId, query: &LeasesQuery) -> Result<Page<Lease>, Failure> {
    let rows = limit(query.limit)?;
    let before = newest_before(query.after.as_deref())?;
    let mut reader = app.reader().await?;
    let views = repo::list(&mut reader, operator, query, before, rows + 1).await?;
    let leases = views.iter().map(LeaseView::to_wire).collect::<Result<Vec<_>, _>>()?;
    Ok(page(leases, rows, |lease| key_text(&(lease.issued_at, lease.lease_id.0))))
}
