//! Doing what was decided, part by part.

use counterfoil_domain::portal::{JobPhase, PortalJobKind, RepairDirection, RepairRefusal};

use super::repo::{self, Done, Item};
use super::{ground, plan, to_central, to_portal};
use crate::engine::portal_jobs::{Held, Stop};
use crate::engine::portal_sync::compare_again;

/// Accounts changed in one transaction.
const PART: i64 = 200;

/// Repairs what was frozen when the repair was started, and nothing that changed since.
pub(crate) async fn repair(held: &Held<'_>) -> Result<(), Stop> {
    let toward = match held.job.kind()? {
        PortalJobKind::RepairCentral => RepairDirection::Central,
        _ => RepairDirection::Portal,
    };
    let ground = ground::read(held.app, &mut *held.app.reader().await?, held.operator(), &held.record).await?;
    if held.job.phase()? == JobPhase::Repairing {
        let mut work = held.begin().await?;
        let settled = repo::settled_meanwhile(work.conn(), held.id(), held.portal_id()).await?;
        let settled = usize::try_from(settled).unwrap_or(usize::MAX);
        held.progress(&mut work, settled, 0, settled).await?;
        work.commit().await?;
        while part(held, toward, &ground).await? {}
    }
    if toward == RepairDirection::Central {
        compare_again(held, held.id()).await?;
    }
    Ok(())
}

async fn part(held: &Held<'_>, toward: RepairDirection, ground: &ground::Ground) -> Result<bool, Stop> {
    let mut work = held.begin().await?;
    let items = repo::open_items(work.conn(), held.id(), held.portal_id(), PART).await?;
    if items.is_empty() {
        return Ok(false);
    }
    let mut planned = Vec::with_capacity(items.len());
    let mut done = Vec::new();
    for item in &items {
        let plan = plan::plan(&item.row, toward, ground)?;
        match refusal(item, &plan) {
            Some(refusal) => done.push(refused(item, refusal)),
            None => planned.push((item, plan)),
        }
    }
    done.extend(match toward {
        RepairDirection::Portal => to_portal::write(held, &mut work, &planned).await?,
        RepairDirection::Central => to_central::take(held, &mut work, ground, &planned).await?,
    });
    let refused = done.iter().filter(|done| done.refusal.is_some()).count();
    for one in &done {
        repo::set_item(work.conn(), held.id(), one).await?;
    }
    held.progress(&mut work, items.len(), items.len() - refused, refused).await?;
    work.commit().await?;
    Ok(true)
}

fn refusal(item: &Item, plan: &plan::Plan) -> Option<RepairRefusal> {
    let same = item.shown_drift == item.row.drift && item.shown_fields == item.row.fields;
    if !same {
        return Some(RepairRefusal::Changed);
    }
    plan.changes.is_empty().then(|| plan.refusals.first().copied().unwrap_or(RepairRefusal::Changed))
}

pub(super) fn refused(item: &Item, refusal: RepairRefusal) -> Done<'_> {
    let account = item.row.account_id;
    Done { key: &item.row.key, refusal: Some(refusal.as_str()), account, before: None }
}
