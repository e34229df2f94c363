//! The answer to a request. The first one stands: the row is locked, and its state is looked at under the lock.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::in_words;
use counterfoil_domain::ids::{OperatorId, ResellerId, StaffId, TopUpRequestId};
use counterfoil_domain::ledger::{SourceEvent, TransferKind};
use counterfoil_domain::notice::NoticeKind;
use counterfoil_domain::top_up::TopUpState;
use counterfoil_wire::credit_packs::PackAsShown;
use counterfoil_wire::live::News;
use counterfoil_wire::problem::Code;
use counterfoil_wire::top_ups::{ApproveTopUp, RejectTopUp, TopUpRequest};

use super::{Viewer, get, repo};
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::credit_packs::PackTerms;
use crate::engine::credits::{self, Booking, check_note};
use crate::engine::work::Work;
use crate::engine::{notices, resellers};

/// Takes the request's lock, before those of the ledger, and gives it as it stands.
async fn lock(work: &mut Work, viewer: Viewer, id: TopUpRequestId) -> Result<TopUpRequest, Failure> {
    let operator = work.operator();
    get(work.conn(), operator, viewer, id).await?;
    repo::lock(work.conn(), id).await?;
    get(work.conn(), operator, viewer, id).await
}

fn decided(request: &TopUpRequest) -> Failure {
    let detail = match request.state {
        TopUpState::Open => "This request is open.",
        TopUpState::Approved => "This request was approved already; its credit is booked.",
        TopUpState::Rejected => "This request was rejected already.",
        TopUpState::Cancelled => "The reseller has taken this request back.",
    };
    Failure::new(Code::WrongState, detail)
}

/// Books the credit as it was asked for, with the price the reseller was shown, in the transaction of the answer. Asked
/// again it says what was done and moves nothing.
pub(crate) async fn approve(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    id: TopUpRequestId,
    asked: &ApproveTopUp,
) -> Result<TopUpRequest, Failure> {
    let mut work = app.begin(operator).await?;
    let before = lock(&mut work, Viewer::Staff, id).await?;
    match before.state {
        TopUpState::Open => {}
        TopUpState::Approved => {
            work.commit().await?;
            return Ok(before);
        }
        TopUpState::Rejected | TopUpState::Cancelled => return Err(decided(&before)),
    }
    let terms = before.pack.as_ref().map(|pack| PackTerms {
        shown: PackAsShown { pack_id: pack.pack_id, version: pack.version },
        name: pack.name.clone(),
        credits: before.amount.value(),
        price: pack.price,
    });
    let booking = Booking {
        transfer_id: asked.transfer_id,
        source_event: SourceEvent::top_up(id),
        kind: if terms.is_some() { TransferKind::Purchase } else { TransferKind::Credit },
        amount: before.amount.value(),
        note: &before.note,
        pack: terms.as_ref(),
    };
    resellers::ring(&mut work, News::TopUps, before.reseller_id).await?;
    let posted = credits::book(&mut work, actor, before.reseller_id, &booking).await?;
    let now = work.now();
    let answer = repo::Answer { state: TopUpState::Approved, staff: Some(staff), reason: None };
    if !repo::decide(work.conn(), id, &answer, Some(posted.transfer_id), now).await? {
        return Err(Failure::internal("a request changed under its lock"));
    }
    let after = get(work.conn(), operator, Viewer::Staff, id).await?;
    audit::record(&mut work, actor, "top_up.approve", Some(id.0), Some(&before), Some(&after)).await?;
    credits::tell(&mut work, before.reseller_id, &booking).await?;
    work.commit().await?;
    credits::settle_held(app, operator, before.reseller_id).await;
    get(&mut *app.reader().await?, operator, Viewer::Staff, id).await
}

/// Says no, and why.
pub(crate) async fn reject(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    id: TopUpRequestId,
    asked: &RejectTopUp,
) -> Result<TopUpRequest, Failure> {
    let reason = asked.reason.trim();
    let mut work = app.begin(operator).await?;
    let before = lock(&mut work, Viewer::Staff, id).await?;
    if reason.is_empty() {
        return Err(Failure::validation(vec![field("reason", "say why: the reseller reads it")]));
    }
    if check_note(reason).is_some() {
        return Err(Failure::validation(vec![field("reason", "at most 200 characters")]));
    }
    if before.state == TopUpState::Rejected && before.reason.as_deref() == Some(reason) {
        work.commit().await?;
        return Ok(before);
    }
    let answer = repo::Answer { state: TopUpState::Rejected, staff: Some(staff), reason: Some(reason) };
    close(work, actor, Viewer::Staff, &before, &answer, "top_up.reject").await
}

/// Takes an own request back.
pub(crate) async fn cancel(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    reseller: ResellerId,
    id: TopUpRequestId,
) -> Result<TopUpRequest, Failure> {
    let viewer = Viewer::Reseller(reseller);
    let mut work = app.begin(operator).await?;
    let before = lock(&mut work, viewer, id).await?;
    if before.state == TopUpState::Cancelled {
        work.commit().await?;
        return Ok(before);
    }
    let answer = repo::Answer { state: TopUpState::Cancelled, staff: None, reason: None };
    close(work, actor, viewer, &before, &answer, "top_up.cancel").await
}

/// Ends an open request that moves nothing.
async fn close(
    mut work: Work,
    actor: &Actor,
    viewer: Viewer,
    before: &TopUpRequest,
    answer: &repo::Answer<'_>,
    action: &str,
) -> Result<TopUpRequest, Failure> {
    if before.state != TopUpState::Open {
        return Err(decided(before));
    }
    resellers::ring(&mut work, News::TopUps, before.reseller_id).await?;
    let (id, operator, now) = (before.request_id, work.operator(), work.now());
    if !repo::decide(work.conn(), id, answer, None, now).await? {
        return Err(Failure::internal("a request changed under its lock"));
    }
    let after = get(work.conn(), operator, viewer, id).await?;
    audit::record(&mut work, actor, action, Some(id.0), Some(before), Some(&after)).await?;
    if let Some(reason) = answer.reason {
        let amount = in_words::amount(before.amount);
        let values = [("amount", amount.as_str()), ("reason", reason)];
        let event = format!("top-up/{id}/rejected");
        notices::tell_reseller(&mut work, NoticeKind::TopUpRejected, event, before.reseller_id, &values).await?;
    }
    work.commit().await?;
    Ok(after)
}
