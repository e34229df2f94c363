//! The portal's values into Central. Nothing is written to the portal, and no credit moves: who decides this gives the
//! service away or takes it back, and the audit says so.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::tokens::token_hash;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::AccountId;
use counterfoil_domain::portal::{DriftKind, ProvisioningState, RepairRefusal};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::ground::Ground;
use super::plan::{Plan, Take};
use super::record::Row;
use super::repair::refused;
use super::repo::{self, AccountState, Done, Item};
use super::undo::Before;
use crate::engine::account;
use crate::engine::audit::{self, Actor};
use crate::engine::device::STAFF_ONLY;
use crate::engine::portal_jobs::{Held, Stop};
use crate::engine::provisioning;
use crate::engine::work::Work;

pub(super) async fn take<'a>(
    held: &Held<'_>,
    work: &mut Work,
    ground: &Ground,
    planned: &[(&'a Item, Plan)],
) -> Result<Vec<Done<'a>>, Stop> {
    let ids: Vec<AccountId> = planned.iter().filter_map(|(item, _)| item.row.account_id).map(AccountId).collect();
    account::lock(work, &ids).await?;
    let mut moved = moved_meanwhile(held, work, ground, planned).await?;
    moved.extend(bought_meanwhile(work, ground, planned).await?);
    let mut ordered: Vec<&(&Item, Plan)> = planned.iter().collect();
    // New ids are minted later than all there are.
    ordered.sort_by_key(|(item, _)| item.row.account_id.unwrap_or(Uuid::max()));
    let mut done = Vec::with_capacity(planned.len());
    for (item, plan) in ordered {
        if moved.contains(&item.row.key.as_str()) {
            if item.row.kind()? == DriftKind::Unlinked {
                // The next look compares it again, although nothing moved on the portal.
                repo::set_link(work.conn(), held.portal_id(), &item.row.key, item.row.account_id, false).await?;
            }
            done.push(refused(item, RepairRefusal::Changed));
            continue;
        }
        done.push(match one(held, work, &item.row, &plan.take).await? {
            Some((account, before)) => {
                let before = serde_json::to_string(&before).map_err(Failure::internal)?;
                Done { key: &item.row.key, refusal: None, account: Some(account.0), before: Some(before) }
            }
            None => refused(item, RepairRefusal::NameTaken),
        });
    }
    if !held.ends_accounts {
        // Central switches these off itself, and has to know when.
        let accounts: Vec<Uuid> =
            done.iter().filter(|one| one.refusal.is_none()).filter_map(|one| one.account).collect();
        provisioning::want(work, &accounts).await?;
    }
    Ok(done)
}

/// Accounts for which Central wants something else by now than what was shown: a sale since then stands.
async fn moved_meanwhile<'a>(
    held: &Held<'_>,
    work: &mut Work,
    ground: &Ground,
    planned: &[(&'a Item, Plan)],
) -> Result<Vec<&'a str>, Stop> {
    let mut differing = Vec::new();
    for (item, _) in planned {
        if item.row.kind()? == DriftKind::Differs {
            differing.push(*item);
        }
    }
    let ids: Vec<Uuid> = differing.iter().filter_map(|item| item.row.account_id).collect();
    let standings = provisioning::standings(work.conn(), held.portal_id(), &ids).await?;
    let mut moved = Vec::new();
    for item in differing {
        let standing = item.row.account_id.and_then(|account| standings.get(&account));
        let (Some(standing), Some(shown)) = (standing, item.row.shown()?) else {
            moved.push(item.row.key.as_str());
            continue;
        };
        let wanted = held.wanted(standing)?;
        let now = wanted.map(|wanted| ground.reading.drift(&wanted.service, &shown, standing.nobodys, None));
        let central = |fields: &[counterfoil_wire::drift::FieldDrift]| -> Vec<_> {
            fields.iter().map(|field| (field.field, field.central.clone())).collect()
        };
        let same = now.is_some_and(|now: Vec<_>| item.row.fields().is_ok_and(|then| central(&now) == central(&then)));
        if !same || standing.state()? == ProvisioningState::Waiting {
            moved.push(item.row.key.as_str());
        }
    }
    Ok(moved)
}

/// Accounts that are to become customers' whose service has another end by now than the look found.
async fn bought_meanwhile<'a>(
    work: &mut Work,
    ground: &Ground,
    planned: &[(&'a Item, Plan)],
) -> Result<Vec<&'a str>, Stop> {
    let mut bought = Vec::new();
    for (item, _) in planned {
        let row = &item.row;
        let (Some(account), Some(shown)) = (row.account_id, row.shown()?) else { continue };
        if row.kind()? != DriftKind::Unlinked {
            continue;
        }
        let state = repo::account_state(work.conn(), AccountId(account)).await?;
        let until = state.and_then(|state| state.ends_at).map(Timestamp);
        let then = row.fields()?;
        let now = ground.reading.namesake(&shown, until);
        let moved = then.iter().zip(&now).any(|(then, now)| then.central.is_some() && then.central != now.central);
        if moved {
            bought.push(row.key.as_str());
        }
    }
    Ok(bought)
}

/// None when another customer has the user name.
async fn one(held: &Held<'_>, work: &mut Work, row: &Row, take: &Take) -> Result<Option<(AccountId, Before)>, Stop> {
    let known = row.account_id.map(AccountId);
    let before = match known {
        Some(account) => repo::account_state(work.conn(), account).await?,
        None => None,
    };
    let after = changed(before.as_ref(), take);
    let now = work.now();
    let account = known.unwrap_or_else(|| mint(now));
    if before.is_some() {
        repo::set_account_state(work.conn(), account, &after).await?;
    } else {
        let token = account::token(held.app.keys(), account, account::FIRST_GENERATION);
        let (operator, hash) = (work.operator(), token_hash(&token));
        if !repo::take_in(work.conn(), operator, account, &row.login, &hash, &after, now).await? {
            return Ok(None);
        }
    }
    let linked = row.kind()? != DriftKind::Differs;
    if linked {
        provisioning::link(work, held.portal_id(), account.0, &row.login).await?;
    }
    repo::set_link(work.conn(), held.portal_id(), &row.key, Some(account.0), true).await?;
    touch(work, account, &after).await?;
    let actor = held.job.started_by.map_or_else(Actor::system, Actor::job_of);
    let left = before.as_ref().and_then(|before| before.reseller_id);
    let (action, subject) = ("account.take_from_portal", Some(account.0));
    audit::record_and_tell(work, &actor, action, subject, left, before.as_ref(), Some(&after)).await?;
    Ok(Some((account, Before::Central { before, after, linked })))
}

fn changed(before: Option<&AccountState>, take: &Take) -> AccountState {
    let mut state = before.cloned().unwrap_or_else(|| AccountState {
        status: AccountStatus::Active.as_str().to_owned(),
        plan_id: None,
        last_day: None,
        ends_at: None,
        reseller_id: None,
    });
    if let Some(status) = take.status {
        status.as_str().clone_into(&mut state.status);
    }
    if let Some(end) = take.end {
        (state.last_day, state.ends_at) = (Some(end.last_day.to_string()), Some(end.at.0));
    }
    state.plan_id = take.plan.or(state.plan_id);
    state.reseller_id = take.reseller.as_ref().map(|(id, _)| *id).or(state.reseller_id);
    state
}

/// Devices of whoever owns it now are told.
pub(super) async fn touch(work: &mut Work, account: AccountId, state: &AccountState) -> Result<(), Stop> {
    let path = match state.reseller_id {
        Some(reseller) => repo::reseller_path(work.conn(), reseller).await?,
        None => None,
    };
    work.touch(FeedTable::Account, account.0, path.as_deref().unwrap_or(STAFF_ONLY));
    Ok(())
}
