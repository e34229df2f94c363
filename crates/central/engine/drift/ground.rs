//! What a portal's names mean in Central.

use std::collections::HashMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::subscription;
use counterfoil_domain::time::Timestamp;
use counterfoil_portals::Reading;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::repo;
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::operators;
use crate::engine::portals::PortalRecord;

pub(super) struct Ground {
    pub(super) reading: Reading,
    /// The operator's.
    pub(super) zone: TimeZone,
    pub(super) now: Timestamp,
    /// Plans by the tariff they are sold as; none where several are.
    pub(super) plans: HashMap<String, Option<Uuid>>,
    /// Resellers by the portal's number: id and path.
    pub(super) resellers: HashMap<u32, (Uuid, String)>,
}

pub(super) async fn read(
    app: &App,
    conn: &mut Conn,
    operator: OperatorId,
    portal: &PortalRecord,
) -> Result<Ground, Failure> {
    let connection = portal.connection(app.keys())?;
    let mut plans = HashMap::new();
    for (tariff, plan) in repo::tariffs(conn, portal.id).await? {
        plans.entry(tariff).and_modify(|known| *known = None).or_insert(Some(plan));
    }
    let resellers = repo::remote_resellers(conn, portal.id).await?;
    Ok(Ground {
        reading: Reading::of(&connection).map_err(Failure::internal)?,
        zone: subscription::zone(&operators::get(conn, operator).await?.time_zone).map_err(Failure::internal)?,
        now: app.now(),
        plans,
        resellers: resellers
            .into_iter()
            .filter_map(|row| Some((u32::try_from(row.remote_id).ok()?, (row.id, row.path))))
            .collect(),
    })
}
