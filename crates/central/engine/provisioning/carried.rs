//! What accounts should be on a portal, for a desktop to carry along: it may have to look at the portal without Central.

use std::collections::{BTreeMap, HashMap};

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{AccountId, OperatorId, PortalId};
use counterfoil_domain::portal::OwnerField;
use counterfoil_wire::portals::PortalStanding;
use uuid::Uuid;

use super::{Key, Standing, repo, standings};
use crate::engine::App;
use crate::engine::portals;
use crate::engine::stored::stored;

/// Accounts that are known to be on the portal, by login; one more than `limit` where there are more. Of one whose login is
/// somebody else's there, nothing is told: no desktop may take that one for it.
pub(crate) async fn carried(
    app: &App,
    operator: OperatorId,
    portal: PortalId,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<PortalStanding>, Failure> {
    let mut reader = app.reader().await?;
    let record = portals::record(&mut reader, operator, portal).await?;
    let owner_field = record.findings()?.map_or(OwnerField::Unknown, |found| found.owner);
    let rows = repo::carried::list(&mut reader, portal, after, limit).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.account_id).collect();
    let mut known = standings(&mut reader, portal, &ids).await?;
    let mut agreed: HashMap<Uuid, String> =
        repo::carried::agreed(&mut reader, portal, &ids).await?.into_iter().collect();
    drop(reader);
    let told = rows.into_iter().filter_map(|row| {
        let standing = known.remove(&row.account_id)?;
        Some(told(app, portal, owner_field, row, &standing, agreed.remove(&standing.account_id)))
    });
    told.collect()
}

fn told(
    app: &App,
    portal: PortalId,
    owner_field: OwnerField,
    row: repo::carried::Carried,
    standing: &Standing,
    agreed: Option<String>,
) -> Result<PortalStanding, Failure> {
    let account_id = AccountId(row.account_id);
    let read = |text: String| -> Result<BTreeMap<String, String>, Failure> {
        stored(serde_json::from_str(&text).ok(), "portal_account", "agreed", account_id)
    };
    let wanted = standing.desired(app.keys(), portal, owner_field, account_id, app.now())?;
    Ok(PortalStanding {
        account_id,
        login: row.login,
        reseller_company: row.reseller_company,
        nobodys: standing.nobodys,
        state: standing.state()?,
        service: wanted.map(|wanted| wanted.service),
        agreed: agreed.map(read).transpose()?,
    })
}
