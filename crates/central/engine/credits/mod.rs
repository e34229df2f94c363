//! Wallets: movements that a person asks for, statements, and when a wallet is low.

mod booking;
mod by_key;
mod downline;
mod low;
mod repo;
mod statement;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::in_words;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::ledger::{SourceEvent, TransferKind};
use counterfoil_domain::notice::NoticeKind;
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::credits::{MoveCredits, Moved};
use counterfoil_wire::problem::FieldProblem;
use serde_json::json;

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::work::Work;
use super::{credit_packs, ledger, notices, resellers, settlement};

pub(crate) use booking::{Booking, book};
pub(crate) use by_key::note_key;
pub(crate) use downline::fund;
pub(crate) use low::{defaults, low_credit, set_defaults, set_low_credit};
pub(crate) use statement::{Lines, statement};

const LONGEST_NOTE: usize = 200;

/// Moves once under the caller's id, then settles codes that waited for the credit.
pub(crate) async fn move_credits(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    reseller: ResellerId,
    asked: &MoveCredits,
) -> Result<Moved, Failure> {
    let mut work = app.begin(operator).await?;
    resellers::path(work.conn(), operator, &Scope::Operator, reseller).await?;
    check(asked)?;
    let pack = match asked.pack {
        Some(shown) => Some(credit_packs::for_sale(work.conn(), operator, shown, Some(asked.transfer_id)).await?),
        None => None,
    };
    let booking = Booking {
        transfer_id: asked.transfer_id,
        source_event: SourceEvent::request(asked.transfer_id),
        kind: asked.kind,
        amount: asked.amount,
        note: &asked.note,
        pack: pack.as_ref(),
    };
    let posted = book(&mut work, actor, reseller, &booking).await?;
    if !posted.repeated {
        let mut after = json!(asked);
        if let Some(pack) = &pack {
            after["price"] = json!(pack.price);
        }
        audit::record(&mut work, actor, "credits.move", Some(reseller.0), NOTHING, Some(&after)).await?;
        tell(&mut work, reseller, &booking).await?;
    }
    work.commit().await?;
    let settled_held = if booking.takes() { 0 } else { settle_held(app, operator, reseller).await };
    let balance = ledger::wallet(&mut *app.reader().await?, reseller).await?.balance;
    Ok(Moved { transfer_id: asked.transfer_id, balance, settled_held })
}

/// Tells the reseller by mail what staff booked, in the transaction of the booking.
pub(crate) async fn tell(work: &mut Work, reseller: ResellerId, booking: &Booking<'_>) -> Result<(), Failure> {
    if work.mailer().is_none() {
        return Ok(());
    }
    let balance = ledger::wallet(work.conn(), reseller).await?.balance;
    let value = if booking.takes() { -booking.amount.abs() } else { booking.amount };
    let amount = Amount::new(value, balance.unit()).map_err(Failure::internal)?;
    let (amount, balance) = (in_words::amount(amount), in_words::amount(balance));
    let note = Some(booking.note.trim()).filter(|note| !note.is_empty()).unwrap_or("none");
    let values = [
        ("amount", amount.as_str()),
        ("movement", booking.kind.as_str()),
        ("note", note),
        ("balance", balance.as_str()),
    ];
    let event = format!("transfer/{}", booking.transfer_id);
    notices::tell_reseller(work, NoticeKind::CreditMoved, event, reseller, &values).await
}

/// One turn of the codes that wait for credit. The movement is booked, so a failure here is not the caller's: the waiting
/// codes settle a little later, like those that are more than one turn takes.
pub(crate) async fn settle_held(app: &App, operator: OperatorId, reseller: ResellerId) -> u32 {
    let settle = async {
        let mut work = app.begin(operator).await?;
        let settled = settlement::settle_held(&mut work, reseller, settlement::TURN).await?;
        work.commit().await?;
        Ok::<_, Failure>(settled)
    };
    settle.await.unwrap_or_else(|failure| {
        tracing::warn!(%reseller, code = ?failure.code(), "codes that wait for credit did not settle now");
        0
    })
}

fn check(asked: &MoveCredits) -> Result<(), Failure> {
    let mut wrong: Vec<FieldProblem> = Vec::new();
    match asked.kind {
        TransferKind::Purchase
        | TransferKind::Credit
        | TransferKind::Bonus
        | TransferKind::Refund
        | TransferKind::Debit
            if asked.amount <= 0 =>
        {
            wrong.push(field("amount", "more than zero"));
        }
        TransferKind::Adjustment if asked.amount == 0 => wrong.push(field("amount", "not zero")),
        TransferKind::Purchase
        | TransferKind::Credit
        | TransferKind::Bonus
        | TransferKind::Refund
        | TransferKind::Debit
        | TransferKind::Adjustment => {}
        _ => wrong.push(field("kind", "one of purchase, credit, bonus, refund, debit, adjustment")),
    }
    if asked.pack.is_some() && asked.kind != TransferKind::Purchase {
        wrong.push(field("pack", "only a purchase sells a pack"));
    }
    wrong.extend(check_note(&asked.note));
    let explained = matches!(asked.kind, TransferKind::Purchase | TransferKind::Credit);
    if asked.note.trim().is_empty() && !explained {
        wrong.push(field("note", "say why: it stands in the statement"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}

/// A note that is too long.
pub(crate) fn check_note(note: &str) -> Option<FieldProblem> {
    (note.trim().chars().count() > LONGEST_NOTE).then(|| field("note", format!("at most {LONGEST_NOTE} characters")))
}
