//! What is sold on a portal, and who is who there.

use std::collections::{BTreeMap, BTreeSet};

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_wire::portals::{Portal, SavePortal};
use counterfoil_wire::problem::FieldProblem;
use uuid::Uuid;

use super::repo;
use crate::engine::work::Work;

/// Plans and resellers of one portal, at most.
const LARGEST: usize = 5_000;

/// What is wrong with the lists themselves.
pub(super) fn check(portal: &SavePortal) -> Vec<FieldProblem> {
    let mut wrong = Vec::new();
    let plans: BTreeSet<Uuid> = portal.plans.iter().map(|plan| plan.plan_id.0).collect();
    if plans.len() != portal.plans.len() {
        wrong.push(field("plans", "a plan stands twice"));
    }
    let resellers: BTreeSet<Uuid> = portal.resellers.iter().map(|one| one.reseller_id.0).collect();
    let remote: BTreeSet<u32> = portal.resellers.iter().map(|one| one.remote_id).collect();
    if resellers.len() != portal.resellers.len() || remote.len() != portal.resellers.len() {
        wrong.push(field("resellers", "each reseller has one number on the portal, and nobody else has it"));
    }
    if remote.contains(&0) {
        wrong.push(field("resellers", "a reseller's number is 1 or more: 0 means nobody to a portal"));
    }
    if portal.plans.len() > LARGEST || portal.resellers.len() > LARGEST {
        wrong.push(field("plans", format!("at most {LARGEST} plans and {LARGEST} resellers")));
    }
    if portal.plans.iter().any(|plan| plan.tariff.as_ref().is_some_and(|tariff| !fits(tariff))) {
        wrong.push(field("plans", "a tariff's external id has 1 to 64 characters"));
    }
    wrong
}

fn fits(tariff: &str) -> bool {
    !tariff.trim().is_empty() && tariff.chars().count() <= 64
}

/// Stores both lists. Accounts of a plan whose place, tariff or owners changed are brought to the portal by and by; so are
/// all where its time zone changed, because the day on which it cuts an account is by its own clock.
pub(super) async fn store(work: &mut Work, before: Option<&Portal>, portal: &SavePortal) -> Result<(), Failure> {
    let (operator, id) = (work.operator(), portal.portal_id);
    let known: BTreeMap<Uuid, Option<&str>> = before
        .map(|before| before.plans.iter().map(|plan| (plan.plan_id.0, plan.tariff.as_deref())).collect())
        .unwrap_or_default();
    let owners_changed = before.is_some_and(|before| {
        let set = |list: &[counterfoil_wire::portals::ResellerOnPortal]| {
            list.iter().map(|one| (one.reseller_id.0, one.remote_id)).collect::<BTreeSet<_>>()
        };
        set(&before.resellers) != set(&portal.resellers)
    });
    let zone_changed = before.is_some_and(|before| before.time_zone != portal.time_zone.trim());
    for plan in known.keys().filter(|known| !portal.plans.iter().any(|plan| plan.plan_id.0 == **known)) {
        repo::forget_plan(work.conn(), id, *plan).await?;
    }
    for plan in &portal.plans {
        let tariff = plan.tariff.as_deref().map(str::trim);
        let same = known.get(&plan.plan_id.0).is_some_and(|known| *known == tariff);
        if same && !owners_changed && !zone_changed {
            continue;
        }
        if !repo::put_plan(work.conn(), operator, id, plan.plan_id, tariff).await? {
            return Err(Failure::validation(vec![field(
                "plans",
                "a plan is not yours or is provisioned on another portal: take it off there first",
            )]));
        }
    }
    repo::forget_resellers(work.conn(), id).await?;
    for one in &portal.resellers {
        if !repo::put_reseller(work.conn(), operator, id, one).await? {
            return Err(Failure::validation(vec![field("resellers", "there is no such reseller")]));
        }
    }
    Ok(())
}
