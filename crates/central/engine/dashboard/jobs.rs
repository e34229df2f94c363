//! How bringing accounts to portals came out, and whether devices come back. What both mean stands with the shapes in `wire`.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, PortalId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::dashboard::{DeviceSync, PortalJobs};

use super::repo::jobs as repo;
use crate::dialect::Conn;

/// A row for each portal and month, the oldest month first, then by the portal's name.
pub(crate) async fn of_months(
    conn: &mut Conn,
    operator: OperatorId,
    range: (&str, &str),
) -> Result<Vec<PortalJobs>, Failure> {
    let count = |count: i64| u64::try_from(count).map_err(Failure::internal);
    let rows = repo::of_months(conn, operator, range).await?.into_iter().map(|row| {
        Ok(PortalJobs {
            portal_id: PortalId(row.portal_id),
            portal: row.portal,
            month: row.month,
            agreed: count(row.agreed)?,
            first_try: count(row.first)?,
            within_an_hour: count(row.within_an_hour)?,
            failed: count(row.failed)?,
        })
    });
    rows.collect()
}

/// None where no device has a lease.
pub(super) async fn devices(
    conn: &mut Conn,
    operator: OperatorId,
    now: Timestamp,
) -> Result<Option<DeviceSync>, Failure> {
    let row = repo::devices(conn, operator, now).await?;
    let count = |count: i64| u64::try_from(count).map_err(Failure::internal);
    let selling = count(row.selling)?;
    let in_time = count(row.selling - row.overdue)?;
    let sync = DeviceSync { selling, in_time, longest_away_since: row.longest_away_since.map(Timestamp) };
    Ok((selling > 0).then_some(sync))
}
