//! The decision: approve, which creates a reseller, or reject with a reason.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::application::ApplicationState;
use counterfoil_domain::commission::CommissionRate;
use counterfoil_domain::ids::{ApplicationId, OperatorId, StaffId};
use counterfoil_domain::reseller::ResellerStatus;
use counterfoil_wire::applications::{Application, ApproveApplication, RejectApplication};
use counterfoil_wire::live::News;
use counterfoil_wire::problem::Code;
use counterfoil_wire::resellers::SaveReseller;

use super::{detail, get, letter, long_text, repo};
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::commission::{self, NewRate};
use crate::engine::device::STAFF_ONLY;
use crate::engine::resellers;
use crate::engine::work::Work;

const LONGEST_TEXT: usize = 500;

/// Creates the reseller, its owner with the password that was chosen, its books and its first rate. A repeat with the
/// same reseller's id is answered like the first.
pub(crate) async fn approve(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    id: ApplicationId,
    asked: ApproveApplication,
) -> Result<Application, Failure> {
    let mut work = app.begin(operator).await?;
    let before = get(work.conn(), operator, id).await?;
    if before.decision.as_ref().is_some_and(|decision| decision.reseller_id == Some(asked.reseller_id)) {
        let known = detail(work.conn(), operator, id).await?;
        work.commit().await?;
        return Ok(known);
    }
    let notes = asked.notes.trim();
    long_text("notes", notes, 0, LONGEST_TEXT)?;
    if !asked.rate.is_in_range() {
        return Err(Failure::validation(vec![field("rate", "a rate is 0 to 100 %, or by tier")]));
    }
    let decision = repo::Verdict { state: ApplicationState::Approved, by: staff, reason: None, notes: Some(notes) };
    let hash = decide(&mut work, &before, &decision).await?;
    let rate = asked.rate;
    let reseller = resellers::create_within(&mut work, actor, new_reseller(&before, &asked), &hash).await?;
    let note = match rate {
        CommissionRate::Fixed { .. } => "with the approval",
        CommissionRate::ByTier => "by tier, with the approval",
    };
    let now = work.now();
    let (reseller, rate_id) = (reseller.reseller_id, mint(now));
    commission::add(&mut work, &NewRate { id: rate_id, reseller, rate, valid_from: now, set_by: staff, note }).await?;
    repo::set_reseller(work.conn(), id, reseller).await?;
    let decided = get(work.conn(), operator, id).await?;
    letter::send(&mut work, &decided).await?;
    let after = detail(work.conn(), operator, id).await?;
    audit::record(&mut work, actor, "application.approve", Some(id.0), Some(&before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

fn new_reseller(application: &Application, asked: &ApproveApplication) -> SaveReseller {
    SaveReseller {
        reseller_id: asked.reseller_id,
        version: None,
        username: asked.username.clone(),
        password: None,
        company: application.business_name.clone(),
        email: application.email.clone(),
        contact: application.name.clone(),
        phone: application.phone.clone(),
        parent_id: asked.parent_id,
        settlement_mode: asked.settlement_mode,
        credit_limit: asked.credit_limit,
        status: ResellerStatus::Active,
        template: asked.template,
    }
}

/// Rejects with a reason, which the applicant is told. A repeat with the same reason is answered like the first.
pub(crate) async fn reject(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    id: ApplicationId,
    asked: &RejectApplication,
) -> Result<Application, Failure> {
    let mut work = app.begin(operator).await?;
    let before = get(work.conn(), operator, id).await?;
    let reason = asked.reason.trim();
    let repeated = before.state == ApplicationState::Rejected
        && before.decision.as_ref().and_then(|decision| decision.reason.as_deref()) == Some(reason);
    if repeated {
        let known = detail(work.conn(), operator, id).await?;
        work.commit().await?;
        return Ok(known);
    }
    long_text("reason", reason, 1, LONGEST_TEXT)?;
    let decision = repo::Verdict { state: ApplicationState::Rejected, by: staff, reason: Some(reason), notes: None };
    decide(&mut work, &before, &decision).await?;
    let decided = get(work.conn(), operator, id).await?;
    letter::send(&mut work, &decided).await?;
    let after = detail(work.conn(), operator, id).await?;
    audit::record(&mut work, actor, "application.reject", Some(id.0), Some(&before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

/// Takes the decision, and gives the hash of the password that the applicant chose. Of two at the same moment the second
/// waits for the row and then finds it decided.
async fn decide(work: &mut Work, before: &Application, verdict: &repo::Verdict<'_>) -> Result<String, Failure> {
    let (operator, now) = (work.operator(), work.now());
    let id = before.application_id;
    if let Some(hash) = repo::lock_pending(work.conn(), operator, id).await? {
        repo::decide(work.conn(), id, verdict, now).await?;
        work.ring(News::Applications, STAFF_ONLY);
        return Ok(hash);
    }
    Err(decided(&get(work.conn(), operator, id).await?))
}

fn decided(application: &Application) -> Failure {
    let told = application.decision.as_ref().map_or_else(String::new, |decision| {
        let at = jiff::Timestamp::from_millisecond(decision.at.0).map(|at| at.to_string()).unwrap_or_default();
        format!(" by {} at {at}", decision.by)
    });
    let state = application.state.as_str();
    Failure::new(Code::Conflict, format!("This application was {state}{told}. It cannot be decided again."))
}
