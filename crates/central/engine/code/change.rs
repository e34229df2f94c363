//! What people do to a code: void, revoke, hold, approve.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::code::CodeState;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{CodeId, LeaseId, OperatorId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_domain::settlement::HeldReason;
use counterfoil_wire::codes::{CodeReason, CodeRow};
use counterfoil_wire::problem::Code;
use serde::Serialize;
use thiserror::Error;

use super::{CodeRecord, repo};
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::lease;
use crate::engine::round::Round;
use crate::engine::settlement::{self, Books, Movement, Sight};
use crate::engine::stored::{stored, stored_number};
use crate::engine::work::Work;

/// Why a code cannot be voided.
#[derive(Debug, Error)]
pub(crate) enum VoidError {
    #[error("the code was voided before")]
    AlreadyVoided,
    #[error("the code was used")]
    AlreadyActivated,
    #[error("the code is {0:?}")]
    NotVoidable(CodeState),
    #[error("not about the code")]
    Failed(Failure),
}

impl From<Failure> for VoidError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<sqlx::Error> for VoidError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<VoidError> for Failure {
    fn from(error: VoidError) -> Self {
        match error {
            VoidError::AlreadyVoided => Self::new(Code::AlreadyVoided, "This code was voided before; nothing changed."),
            VoidError::AlreadyActivated => Self::new(
                Code::AlreadyActivated,
                "This code has been used, so it cannot be voided. Suspend the account instead if that is what you want.",
            ),
            VoidError::NotVoidable(state) => Self::new(
                Code::WrongState,
                format!("This code is {}. Only a code that is sold or held can be voided.", state.as_str()),
            ),
            VoidError::Failed(failure) => failure,
        }
    }
}

/// Cancels an unused code under its lock; what it cost goes back to the wallet. A code that was held before it
/// settled gives nothing back, because nothing was taken.
pub(crate) async fn void(work: &mut Work, mut code: CodeRecord, note: &str) -> Result<CodeRecord, VoidError> {
    match code.state()? {
        CodeState::Sold | CodeState::Held => {}
        CodeState::Voided => return Err(VoidError::AlreadyVoided),
        CodeState::Activated => return Err(VoidError::AlreadyActivated),
        state => return Err(VoidError::NotVoidable(state)),
    }
    give_back(work, &code, note).await?;
    put_state(work, &mut code, CodeState::Voided).await?;
    Ok(code)
}

/// Releases what an unused code has in ISSUED: reserved at issue, it is captured by activation only, and released by a
/// void or by expiry (product rule 5).
pub(super) async fn give_back(work: &mut Work, code: &CodeRecord, note: &str) -> Result<(), Failure> {
    if !code.is_paid()? {
        return Ok(());
    }
    let mut books = Books::lock(work, code.reseller_id, None, code.unit()?).await?;
    let movement = Movement {
        kind: TransferKind::Void,
        from: AccountKind::Issued,
        to: AccountKind::Wallet,
        amount: code.cost,
        event: SourceEvent::void(code.source_id, code.seq()?),
        reference: code.serial.clone(),
        note: Some(note.to_owned()),
    };
    books.post(work, &movement)?;
    books.write(work).await
}

/// Moves an unused code to a state it ends in, or to held and back.
pub(super) async fn put_state(work: &mut Work, code: &mut CodeRecord, state: CodeState) -> Result<(), Failure> {
    let ended = match state {
        CodeState::Voided | CodeState::Revoked | CodeState::Expired => Some(work.now().0),
        _ => None,
    };
    if !repo::put_state(work.conn(), code.id, &code.state, state.as_str(), ended).await? {
        return Err(Failure::internal(format!("code {} left its state under our lock", code.id)));
    }
    state.as_str().clone_into(&mut code.state);
    code.held_reason = None;
    code.ended_at = ended;
    work.touch(FeedTable::Code, code.id, &code.reseller_path);
    Ok(())
}

/// What a member of staff asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Void,
    /// Withdrawn without giving anything back.
    Revoke,
    Hold,
    /// Lets a held code pass.
    Approve,
}

#[derive(Serialize)]
struct Changed<'a> {
    state: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

/// Changes one code of the operator, and keeps why.
pub(crate) async fn change(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    id: CodeId,
    change: Change,
    request: &CodeReason,
) -> Result<CodeRow, Failure> {
    let reason = request.reason.trim();
    if !(1..=500).contains(&reason.chars().count()) {
        return Err(Failure::validation(vec![field("reason", "say why, in 1 to 500 characters")]));
    }
    let mut work = app.begin(operator).await?;
    let Some(found) = repo::find(work.conn(), operator, id.0).await? else { return Err(Failure::not_found("code")) };
    // The lease before its code: approving settles from it.
    let lease = lease::repo::lock(work.conn(), LeaseId(found.source_id)).await?;
    let Some(code) = repo::lock(work.conn(), operator, id.0).await? else { return Err(Failure::not_found("code")) };
    let before = code.state.clone();
    let (action, after) = match change {
        Change::Void => ("code.void", void(&mut work, code, reason).await?),
        Change::Revoke => ("code.revoke", revoke(&mut work, code).await?),
        Change::Hold => ("code.hold", hold(&mut work, code).await?),
        Change::Approve => ("code.approve", approve(&mut work, lease.as_ref(), code).await?),
    };
    let (before, now) =
        (Changed { state: &before, reason: None }, Changed { state: &after.state, reason: Some(reason) });
    audit::record(&mut work, actor, action, Some(id.0), Some(&before), Some(&now)).await?;
    let row = after.to_wire()?;
    work.commit().await?;
    Ok(row)
}

async fn revoke(work: &mut Work, mut code: CodeRecord) -> Result<CodeRecord, Failure> {
    match code.state()? {
        CodeState::Sold | CodeState::Held => put_state(work, &mut code, CodeState::Revoked).await?,
        CodeState::Revoked => {}
        state => return Err(wrong_state(state, "sold or held", "revoked")),
    }
    Ok(code)
}

async fn hold(work: &mut Work, mut code: CodeRecord) -> Result<CodeRecord, Failure> {
    match code.state()? {
        CodeState::Sold => put_state(work, &mut code, CodeState::Held).await?,
        // The next credit lets it pass, whoever said that it shall wait.
        CodeState::Held if code.held_reason()? == Some(HeldReason::NoCredit) => {
            return Err(Failure::new(
                Code::WrongState,
                "This code waits for credit, and the next top-up lets it pass, so it cannot be held. Revoke it or void it.",
            ));
        }
        CodeState::Held => {}
        state => return Err(wrong_state(state, "sold", "held")),
    }
    Ok(code)
}

async fn approve(
    work: &mut Work,
    lease: Option<&lease::LeaseRecord>,
    mut code: CodeRecord,
) -> Result<CodeRecord, Failure> {
    let state = code.state()?;
    if state != CodeState::Held {
        return Err(wrong_state(state, "held", "approved"));
    }
    match code.held_reason()? {
        // A person held it after it had settled: it only goes back.
        None => {
            put_state(work, &mut code, CodeState::Sold).await?;
            Ok(code)
        }
        Some(reason) => {
            let lease = stored(lease, "code", "source_id", code.id)?;
            let slot = lease::repo::slot(work.conn(), LeaseId(lease.id), code.slot()?).await?;
            let slot = stored(slot, "code", "slot", code.id)?;
            let mut books = Books::lock(work, lease.reseller_id, Some(lease.ledger_account_id), lease.unit()?).await?;
            let seq = stored_number(code.seq, "code", "seq", code.id)?;
            let sight = Sight { lease, slot: &slot, sale: None };
            let (code, _) = settlement::approve(work, &mut books, &sight, seq, code).await?;
            books.write(work).await?;
            if reason == HeldReason::NoCredit && code.state()? == CodeState::Held {
                return Err(Failure::new(
                    Code::InsufficientCredit,
                    "Neither the lease nor the wallet covers this code. Top the reseller up: it settles by itself.",
                ));
            }
            Ok(code)
        }
    }
}

fn wrong_state(state: CodeState, expected: &str, done: &str) -> Failure {
    Failure::new(
        Code::WrongState,
        format!("This code is {}. Only a code that is {expected} can be {done}.", state.as_str()),
    )
}

/// Ends unused codes whose redeem-by has passed, and releases what they had in ISSUED.
pub(crate) async fn expire(app: &App) -> Result<u32, Failure> {
    const TOGETHER: i64 = 200;
    expire_in_parts(app, TOGETHER).await
}

/// The same, so many codes at a time.
pub(crate) async fn expire_in_parts(app: &App, most: i64) -> Result<u32, Failure> {
    let mut round = Round::of(most);
    loop {
        let due = repo::to_expire(&mut *app.reader().await?, app.now().0, round.part()).await?;
        for one in &due {
            round.note(expire_one(app, one).await);
        }
        if !round.goes_on(due.len()) {
            return Ok(round.done());
        }
    }
}

async fn expire_one(app: &App, due: &repo::Due) -> Result<bool, Failure> {
    let operator = OperatorId(due.operator_id);
    let mut work = app.begin(operator).await?;
    // The lease before its code, as everywhere; a lot has none.
    lease::repo::lock(work.conn(), LeaseId(due.source_id)).await?;
    let Some(mut code) = repo::lock(work.conn(), operator, due.id).await? else { return Ok(false) };
    // Another process, or a redemption at the last moment, may have been first.
    if !matches!(code.state()?, CodeState::Sold | CodeState::Held) {
        return Ok(false);
    }
    give_back(&mut work, &code, "redeem-by has passed").await?;
    put_state(&mut work, &mut code, CodeState::Expired).await?;
    work.commit().await?;
    Ok(true)
}
