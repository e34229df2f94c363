//! Payouts: a reseller asks for all that is available, staff approve, send and confirm it. The first answer stands: the
//! row is locked, and its state is looked at under the lock.

use counterfoil_central_platform::calendar;
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::in_words;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::commission::{PayoutMethod, PayoutState};
use counterfoil_domain::ids::{MemberId, OperatorId, PayoutId, ResellerId, StaffId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_domain::notice::NoticeKind;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::live::News;
use counterfoil_wire::payouts::{Payout, RequestPayout};
use counterfoil_wire::problem::Code;
use uuid::Uuid;

use super::Viewer;
use super::books::{Books, Movement};
use super::repo::{earnings, payouts as repo};
use super::rules;
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::credits::check_note;
use crate::engine::notices;
use crate::engine::operators;
use crate::engine::repeat;
use crate::engine::resellers;
use crate::engine::stored::{stored, stored_amount, stored_currency};
use crate::engine::work::Work;

/// Newest first, before a time and id, with one more than the limit if there are more.
pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    viewer: Viewer,
    state: Option<PayoutState>,
    before: (i64, Uuid),
    limit: i64,
) -> Result<Vec<Payout>, Failure> {
    let more = limit + 1;
    let rows = match (viewer, state) {
        (Viewer::Staff, Some(state)) => repo::of_state(conn, operator, state, before, more).await?,
        (Viewer::Staff, None) => repo::all(conn, operator, before, more).await?,
        (Viewer::Reseller(reseller), state) => repo::of_reseller(conn, reseller, state, before, more).await?,
    };
    rows.into_iter().map(|row| view(row, viewer)).collect()
}

/// One payout; not found when it is another reseller's.
pub(crate) async fn get(
    conn: &mut Conn,
    operator: OperatorId,
    viewer: Viewer,
    id: PayoutId,
) -> Result<Payout, Failure> {
    let row = repo::by_id(conn, operator, id).await?.filter(|row| viewer.sees(ResellerId(row.reseller_id)));
    view(row.ok_or_else(|| Failure::not_found("payout"))?, viewer)
}

fn view(row: repo::Row, viewer: Viewer) -> Result<Payout, Failure> {
    let id = row.id;
    let unit = Unit::Minor(stored_currency(&row.currency, "payout", id)?);
    Ok(Payout {
        payout_id: PayoutId(id),
        reseller_id: ResellerId(row.reseller_id),
        company: row.company,
        amount: stored_amount(row.amount, unit, "payout", id)?,
        earned: stored_amount(row.earned, unit, "payout", id)?,
        earnings: row.earnings.unsigned_abs(),
        description: row.description,
        method: stored(PayoutMethod::from_stored(&row.method), "payout", "method", id)?,
        destination: row.destination,
        state: stored(PayoutState::from_stored(&row.state), "payout", "state", id)?,
        asked_at: Timestamp(row.asked_at),
        asked_by: row.asked_by,
        approved_at: row.approved_at.map(Timestamp),
        sent_at: row.sent_at.map(Timestamp),
        reference: row.reference,
        ended_at: row.ended_at.map(Timestamp),
        changed_by: row.changed_by.filter(|_| viewer == Viewer::Staff),
        reason: row.reason,
    })
}

/// Asks once, under the caller's id, for all that is available.
pub(crate) async fn ask(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    (reseller, member): (ResellerId, MemberId),
    asked: &RequestPayout,
) -> Result<Payout, Failure> {
    let destination = asked.destination.trim();
    check_destination(asked.method, destination)?;
    let viewer = Viewer::Reseller(reseller);
    let mut work = app.begin(operator).await?;
    let settings = operators::get(work.conn(), operator).await?;
    // Requests of one reseller come one after the other.
    let mut books = Books::lock(&mut work, &[reseller], settings.currency).await?;
    if repo::exists(work.conn(), asked.payout_id).await? {
        let known = get(work.conn(), operator, viewer, asked.payout_id).await;
        let same = |known: &Payout| known.method == asked.method && known.destination == destination;
        return repeat::answer(work, known, same, "payout").await;
    }
    let amount = grounds(&mut work, &books, reseller).await?;
    let taken = earnings::available(work.conn(), reseller).await?;
    let description = describe(&taken, &settings.time_zone);
    let movement = Movement {
        kind: TransferKind::PayoutRequested,
        from: AccountKind::CommissionAvailable,
        to: AccountKind::CommissionClearing,
        amount: amount.value(),
        event: SourceEvent::payout_requested(asked.payout_id),
        reverses: None,
        reference: Some(&description),
        note: None,
    };
    let transfer = books.post(&mut work, reseller, movement)?;
    books.write(&mut work).await?;
    let new = repo::New {
        id: asked.payout_id,
        reseller,
        member,
        amount,
        taken: &taken,
        description: &description,
        method: asked.method,
        destination,
        transfer,
    };
    let now = work.now();
    repo::insert(work.conn(), operator, &new, now).await?;
    earnings::put_into_payout(work.conn(), reseller, asked.payout_id).await?;
    resellers::ring(&mut work, News::Payouts, reseller).await?;
    let after = get(work.conn(), operator, viewer, asked.payout_id).await?;
    audit::record(&mut work, actor, "payout.ask", Some(asked.payout_id.0), NOTHING, Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

fn check_destination(method: PayoutMethod, destination: &str) -> Result<(), Failure> {
    let wrong = |message: &str| Err(Failure::validation(vec![field("destination", message)]));
    if destination.is_empty() && method != PayoutMethod::Cash {
        return wrong("say where to: an account number or a name");
    }
    if check_note(destination).is_some() { wrong("at most 200 characters") } else { Ok(()) }
}

/// What a payout would be of now, or why there can be none.
async fn grounds(work: &mut Work, books: &Books, reseller: ResellerId) -> Result<Amount, Failure> {
    let operator = work.operator();
    if let Some(open) = repo::open(work.conn(), reseller).await? {
        let open = view(open, Viewer::Staff)?;
        let (amount, state) = (in_words::amount(open.amount), open.state.as_str());
        let detail =
            format!("A payout of {amount} is on its way ({state}). Wait until it is confirmed, then ask for the next.");
        return Err(Failure::new(Code::WrongState, detail));
    }
    let now = work.now();
    let terms = rules::at(work.conn(), operator, now).await?.terms;
    let amount = books.amount(books.balance(reseller, AccountKind::CommissionAvailable))?;
    let least = books.amount(terms.minimum_payout)?;
    if amount.value() >= least.value() {
        return Ok(amount);
    }
    let pending = books.amount(books.balance(reseller, AccountKind::CommissionPending))?;
    let to_come = if pending.value() > 0 {
        let (pending, days) = (in_words::amount(pending), terms.hold_days);
        format!("{pending} are pending: an earning is available {days} days after its sale.")
    } else {
        "Sell more, and ask again.".to_owned()
    };
    let (needed, have) = (in_words::amount(least), in_words::amount(amount));
    let detail = format!("You need {needed} available to ask for a payout, but you have {have}. {to_come}");
    Err(Failure::new(Code::PayoutTooSmall, detail).amounts(least, amount))
}

/// `Commission for January 2026`, or for the months from the first sale to the last.
fn describe(taken: &earnings::Taken, time_zone: &str) -> String {
    let month = |at: Option<i64>| at.map(|at| calendar::month_of(Timestamp(at), time_zone));
    match (month(taken.first), month(taken.last)) {
        (Some(first), Some(last)) if first != last => format!("Commission for {first} to {last}"),
        (Some(only), _) => format!("Commission for {only}"),
        (None, _) => "Commission".to_owned(),
    }
}

/// What staff say to a payout.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step<'a> {
    Approve,
    /// Under this reference.
    Sent(&'a str),
    Confirm,
    /// For this reason.
    Fail(&'a str),
}

impl<'a> Step<'a> {
    const fn state(self) -> PayoutState {
        match self {
            Self::Approve => PayoutState::Approved,
            Self::Sent(_) => PayoutState::Sent,
            Self::Confirm => PayoutState::Confirmed,
            Self::Fail(_) => PayoutState::Failed,
        }
    }

    const fn action(self) -> &'static str {
        match self {
            Self::Approve => "payout.approve",
            Self::Sent(_) => "payout.sent",
            Self::Confirm => "payout.confirm",
            Self::Fail(_) => "payout.fail",
        }
    }

    fn text(self) -> (Option<&'a str>, Option<&'a str>) {
        match self {
            Self::Approve | Self::Confirm => (None, None),
            Self::Sent(reference) => (Some(reference.trim()), None),
            Self::Fail(reason) => (None, Some(reason.trim())),
        }
    }

    fn check(self) -> Result<(), Failure> {
        let (name, text, missing) = match self {
            Self::Approve | Self::Confirm => return Ok(()),
            Self::Sent(reference) => ("reference", reference, "say under what the reseller finds it"),
            Self::Fail(reason) => ("reason", reason, "say why: the reseller reads it"),
        };
        let wrong = |message: &str| Err(Failure::validation(vec![field(name, message)]));
        if text.trim().is_empty() {
            return wrong(missing);
        }
        if check_note(text.trim()).is_some() { wrong("at most 200 characters") } else { Ok(()) }
    }
}

/// Takes a step. The same again is answered, and nothing happens.
pub(crate) async fn step(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    id: PayoutId,
    step: Step<'_>,
) -> Result<Payout, Failure> {
    let mut work = app.begin(operator).await?;
    get(work.conn(), operator, Viewer::Staff, id).await?;
    step.check()?;
    repo::lock(work.conn(), id).await?;
    let before = get(work.conn(), operator, Viewer::Staff, id).await?;
    let (reference, reason) = step.text();
    if before.state == step.state() {
        work.commit().await?;
        let says_other = reference.is_some() && before.reference.as_deref() != reference
            || reason.is_some() && before.reason.as_deref() != reason;
        return if says_other { Err(wrong_state(&before)) } else { Ok(before) };
    }
    if !before.state.may_become(step.state()) {
        return Err(wrong_state(&before));
    }
    move_money(&mut work, &before, step).await?;
    let now = work.now();
    let stored = repo::Step { from: before.state, to: step.state(), staff, reference, reason };
    if !repo::step(work.conn(), id, &stored, now).await? {
        return Err(Failure::internal("a payout changed under its lock"));
    }
    resellers::ring(&mut work, News::Payouts, before.reseller_id).await?;
    let after = get(work.conn(), operator, Viewer::Staff, id).await?;
    audit::record(&mut work, actor, step.action(), Some(id.0), Some(&before), Some(&after)).await?;
    tell(&mut work, &after, step).await?;
    work.commit().await?;
    Ok(after)
}

/// Tells the reseller by mail. What it confirmed itself it knows.
async fn tell(work: &mut Work, payout: &Payout, step: Step<'_>) -> Result<(), Failure> {
    let kind = match step {
        Step::Approve => NoticeKind::PayoutApproved,
        Step::Sent(_) => NoticeKind::PayoutSent,
        Step::Fail(_) => NoticeKind::PayoutFailed,
        Step::Confirm => return Ok(()),
    };
    let (amount, (reference, reason)) = (in_words::amount(payout.amount), step.text());
    let values = [
        ("amount", amount.as_str()),
        ("description", payout.description.as_str()),
        ("reference", reference.unwrap_or_default()),
        ("reason", reason.unwrap_or_default()),
    ];
    let event = format!("payout/{}/{}", payout.payout_id, step.state().as_str());
    notices::tell_reseller(work, kind, event, payout.reseller_id, &values).await
}

fn wrong_state(payout: &Payout) -> Failure {
    let detail = match payout.state {
        PayoutState::Requested => "This payout was asked for and waits for an approval.",
        PayoutState::Approved => "This payout is approved and waits to be sent.",
        PayoutState::Sent => "This payout was sent already. It can be confirmed, or fail.",
        PayoutState::Confirmed => "This payout was confirmed: the money has arrived.",
        PayoutState::Failed => "This payout has failed; its earnings are available again.",
    };
    Failure::new(Code::WrongState, detail)
}

/// The two last steps end what the request began.
async fn move_money(work: &mut Work, payout: &Payout, step: Step<'_>) -> Result<(), Failure> {
    let (kind, to) = match step {
        Step::Approve | Step::Sent(_) => return Ok(()),
        Step::Confirm => (TransferKind::PayoutConfirmed, AccountKind::CommissionPaid),
        Step::Fail(_) => (TransferKind::PayoutReturned, AccountKind::CommissionAvailable),
    };
    let (operator, reseller, id) = (work.operator(), payout.reseller_id, payout.payout_id);
    let currency = operators::get(work.conn(), operator).await?.currency;
    let mut books = Books::lock(work, &[reseller], currency).await?;
    let movement = Movement {
        kind,
        from: AccountKind::CommissionClearing,
        to,
        amount: payout.amount.value(),
        event: SourceEvent::payout_ended(id),
        reverses: None,
        reference: Some(&payout.description),
        note: step.text().1,
    };
    let transfer = books.post(work, reseller, movement)?;
    if to == AccountKind::CommissionAvailable {
        books.net(work, reseller, transfer)?;
        books.write(work).await?;
        return Ok(earnings::take_out_of_payout(work.conn(), id).await?);
    }
    books.write(work).await?;
    Ok(earnings::pay(work.conn(), id).await?)
}
