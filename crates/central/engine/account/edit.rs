//! Edits an account as it was read.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{AccountId, ResellerId};
use counterfoil_wire::accounts::{Account, SaveAccount};
use counterfoil_wire::problem::Code;

use super::draft::{Draft, most_connections};
use super::{Asker, create, repo};
use crate::engine::device::STAFF_ONLY;
use crate::engine::{App, audit, provisioning};

/// Its MAC address goes to the portal.
pub(crate) async fn edit(app: &App, asker: &Asker<'_>, id: AccountId, asked: &SaveAccount) -> Result<Account, Failure> {
    let mut work = app.begin(asker.operator).await?;
    let before = super::in_use(&mut work, asker, id).await?;
    let limits = match before.reseller_id {
        Some(reseller) => asker.limits(work.conn(), ResellerId(reseller)).await?,
        None => None,
    };
    let has = u16::try_from(before.max_connections).unwrap_or(1);
    let draft = Draft::of_edit(asked, most_connections(limits.as_ref()).max(has))?;
    if i64::from(asked.version) != before.revision {
        let version = before.revision;
        let detail = format!("Somebody changed this account meanwhile: it is at version {version}. Read it again.");
        return Err(Failure::new(Code::Conflict, detail));
    }
    create::fill(&mut work, &before, &draft).await?;
    if draft.mac != before.mac {
        provisioning::want(&mut work, &[id.0]).await?;
    }
    work.touch(FeedTable::Account, id, before.reseller_path.as_deref().unwrap_or(STAFF_ONLY));
    repo::revise(work.conn(), id).await?;
    let after = super::locked(&mut work, id).await?;
    let (before, after) = (super::shown(&mut work, &before).await?, super::shown(&mut work, &after).await?);
    audit::record(&mut work, asker.actor, "account.edit", Some(id.0), Some(&before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}
