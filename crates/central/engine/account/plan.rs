//! Another plan for what is left of an account's service.
//!
//! The last day stays and only the entitlement changes, so no amount moves: a credit is a day, whatever the plan, and who
//! pays prices pays that of the new plan with the next sale. Trials stand apart, because their days cost nothing.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::{AccountId, PlanId, ResellerId};
use counterfoil_wire::accounts::{Account, ChangePlan};
use counterfoil_wire::problem::Code;

use super::{AccountRecord, Asker, Noted, is_nobodys, repo, standing};
use crate::engine::work::Work;
use crate::engine::{App, audit, plans, prices};

/// Once under the caller's id; a repeat is answered. Its portal follows, also to another one that serves the new plan.
pub(crate) async fn change_plan(
    app: &App,
    asker: &Asker<'_>,
    id: AccountId,
    asked: &ChangePlan,
) -> Result<Account, Failure> {
    let mut work = app.begin(asker.operator).await?;
    let account = change_plan_within(&mut work, asker, id, asked).await?;
    work.commit().await?;
    Ok(account)
}

/// [`change_plan`] in a transaction of somebody else's.
pub(crate) async fn change_plan_within(
    work: &mut Work,
    asker: &Asker<'_>,
    id: AccountId,
    asked: &ChangePlan,
) -> Result<Account, Failure> {
    let before = super::in_use(work, asker, id).await?;
    if let Some(known) = repo::plan_change::by_id(work.conn(), asked.plan_change_id).await? {
        if (known.account_id, known.plan_after) != (id.0, asked.plan_id.0) {
            return Err(id_reused());
        }
        return super::shown(work, &before).await;
    }
    let reseller = before.reseller_id.map(ResellerId).ok_or_else(is_nobodys)?;
    let from = leaves(work, &before).await?;
    takes(work, reseller, from, asked.plan_id).await?;
    let (operator, now) = (work.operator(), work.now());
    let new =
        repo::plan_change::NewPlanChange { id: asked.plan_change_id, account: id, before: from, after: asked.plan_id };
    if !repo::plan_change::insert(work.conn(), operator, now, &new).await? {
        return Err(id_reused());
    }
    repo::set_plan(work.conn(), id, asked.plan_id).await?;
    standing::follow(work, id, before.reseller_path.as_deref()).await?;
    let after = super::locked(work, id).await?;
    let (before, after) = (super::shown(work, &before).await?, super::shown(work, &after).await?);
    let noted = Noted { account: &after, reason: None, cost: None };
    audit::record(work, asker.actor, "account.change_plan", Some(id.0), Some(&before), Some(&noted)).await?;
    Ok(after)
}

fn id_reused() -> Failure {
    let detail = "This id was used for another change of a plan. Mint a new id for a new one.";
    Failure::new(Code::IdReused, detail)
}

/// The plan that it has. What costs nothing is not carried over into a plan that costs something.
async fn leaves(work: &mut Work, account: &AccountRecord) -> Result<PlanId, Failure> {
    let Some(plan) = account.plan_id.map(PlanId) else {
        let detail = "This account has no plan that could be changed. Extend it with one.";
        return Err(Failure::new(Code::WrongState, detail));
    };
    let operator = work.operator();
    if plans::get(work.conn(), operator, plan).await?.trials_a_month.is_some() {
        let detail = "This account has a trial, whose days cost nothing. Extend it with the plan that it shall have.";
        return Err(Failure::new(Code::WrongState, detail));
    }
    Ok(plan)
}

/// Whether it may have the new one.
async fn takes(work: &mut Work, reseller: ResellerId, from: PlanId, to: PlanId) -> Result<(), Failure> {
    let wrong = |message: &str| Err(Failure::validation(vec![field("plan_id", message)]));
    if from == to {
        return wrong("the account has this plan already");
    }
    let (operator, now) = (work.operator(), work.now());
    let plan = prices::sellable_plan(work.conn(), operator, reseller, to, now).await?;
    if plan.trials_a_month.is_some() {
        return wrong("a trial is for an account that never had service: choose another plan");
    }
    Ok(())
}
