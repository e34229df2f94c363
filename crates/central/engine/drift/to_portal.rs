//! Central's values to the portal: accounts are wanted there anew, and brought to it like after any other change.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::portal::{DriftKind, RepairRefusal};
use counterfoil_portals::Values;
use uuid::Uuid;

use super::plan::Plan;
use super::record::Row;
use super::repair::refused;
use super::repo::{Done, Item};
use super::undo::Before;
use crate::engine::portal_jobs::{Held, Stop};
use crate::engine::provisioning;
use crate::engine::work::Work;

pub(super) async fn write<'a>(
    held: &Held<'_>,
    work: &mut Work,
    planned: &[(&'a Item, Plan)],
) -> Result<Vec<Done<'a>>, Stop> {
    let mut done = Vec::with_capacity(planned.len());
    let accounts: Vec<Uuid> = planned.iter().filter_map(|(item, _)| item.row.account_id).collect();
    // All rows in the order of their ids, before any of them alone.
    provisioning::want(work, &accounts).await?;
    let standings = provisioning::standings(work.conn(), held.portal_id(), &accounts).await?;
    for (item, plan) in planned {
        let row = &item.row;
        let Some(account) = row.account_id else {
            done.push(refused(item, RepairRefusal::NotOurs));
            continue;
        };
        match row.kind()? {
            DriftKind::Missing => provisioning::make_anew(work, held.portal_id(), account).await?,
            DriftKind::Unlinked => provisioning::link_and_write(work, held.portal_id(), account, &row.login).await?,
            DriftKind::Differs | DriftKind::Unknown => {}
        }
        let standing = standings.get(&account).filter(|_| plan.undoable);
        let before = standing.map(|standing| before(row, standing.wanted_count())).transpose()?;
        done.push(Done { key: &row.key, refusal: None, account: Some(account), before });
    }
    Ok(done)
}

/// The portal's own values of what is written over, and the change of the account that this is.
fn before(row: &Row, wanted: i64) -> Result<String, Failure> {
    let fields = row.fields()?;
    let value = |portal: Option<String>| portal.unwrap_or_default();
    let values: Values =
        fields.into_iter().map(|field| (field.field.as_str().to_owned(), value(field.portal))).collect();
    serde_json::to_string(&Before::Portal { values, wanted }).map_err(Failure::internal)
}
