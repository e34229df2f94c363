//! Recording a payment, once under its id.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::amount::{Currency, Unit};
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::payment::{CollectedBy, PaidFor};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::subscription;
use counterfoil_wire::payments::{Payment, RecordPayment};
use counterfoil_wire::problem::{Code, FieldProblem};
use jiff::{Span, civil::Date};

use super::{get, repo, step, view};
use crate::engine::account::{self, Asker};
use crate::engine::audit::{self, NOTHING};
use crate::engine::credits::check_note;
use crate::engine::stored::stored;
use crate::engine::work::Work;
use crate::engine::{App, operators};

/// An older day is a slip of the pen.
const MOST_DAYS_AGO: i64 = 366;
/// An invoice may be due so far from now.
const MOST_DAYS_AHEAD: i64 = 92;

/// A payment of an account in the asker's scope. A repeat is answered as it is now, and books nothing.
pub(crate) async fn record(app: &App, asker: &Asker<'_>, asked: &RecordPayment) -> Result<Payment, Failure> {
    let mut work = app.begin(asker.operator).await?;
    // Under the account's lock, so that of two at once the second finds the first.
    let account = account::mine(&mut work, asker, asked.account_id).await?;
    if let Some(known) = repo::by_id(work.conn(), asker.operator, asked.payment_id).await? {
        let known = view(known, asker.scope)?;
        work.commit().await?;
        return if is_same(&known, asked) { Ok(known) } else { Err(id_reused()) };
    }
    let Some(reseller) = account.reseller_id.map(ResellerId) else {
        let detail = "Nobody owns this account. Give it to a reseller first, under Unassigned.";
        return Err(Failure::new(Code::WrongState, detail));
    };
    check(&mut work, asker.scope, asked).await?;
    let new = repo::New { asked, reseller, by: asker.actor.who() };
    let (operator, now) = (work.operator(), work.now());
    if !repo::insert(work.conn(), operator, &new, now).await? {
        return Err(id_reused());
    }
    if asked.completed {
        let recorded = get(work.conn(), operator, &Scope::Operator, asked.payment_id).await?;
        step::complete(&mut work, asker.actor, &recorded, account.plan_name.as_deref()).await?;
    }
    let after = get(work.conn(), operator, &Scope::Operator, asked.payment_id).await?;
    audit::record(&mut work, asker.actor, "payment.record", Some(asked.payment_id.0), NOTHING, Some(&after)).await?;
    let shown = get(work.conn(), operator, asker.scope, asked.payment_id).await?;
    work.commit().await?;
    Ok(shown)
}

fn id_reused() -> Failure {
    Failure::new(Code::IdReused, "This id belongs to another payment. Mint a new id for a new payment.")
}

/// Whether the first one said the same. Its state may have moved on since.
fn is_same(known: &Payment, asked: &RecordPayment) -> bool {
    let RecordPayment { account_id, amount, method, paid_for, collected_by, paid_on, .. } = asked;
    (&known.account_id, &known.amount, &known.method, &known.paid_for, &known.collected_by, &known.paid_on)
        == (account_id, amount, method, paid_for, collected_by, paid_on)
        && (known.reference.as_str(), known.note.as_str()) == (asked.reference.trim(), asked.note.trim())
}

async fn check(work: &mut Work, scope: &Scope, asked: &RecordPayment) -> Result<(), Failure> {
    let (operator, now) = (work.operator(), work.now());
    let settings = operators::get(work.conn(), operator).await?;
    let zone = stored(subscription::zone(&settings.time_zone).ok(), "operator", "time_zone", operator)?;
    let today = subscription::day_of(now, &zone).map_err(Failure::internal)?;
    let mut wrong: Vec<FieldProblem> = Vec::new();
    wrong.extend(check_amount(asked, settings.currency));
    wrong.extend(check_day(asked, today));
    wrong.extend(check_collected(scope, asked));
    for (name, text) in [("reference", &asked.reference), ("note", &asked.note)] {
        wrong.extend(check_note(text).map(|_| field(name, "at most 200 characters")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}

fn check_amount(asked: &RecordPayment, currency: Currency) -> Option<FieldProblem> {
    if asked.amount.unit() != Unit::Minor(currency) {
        return Some(field("amount", format!("an amount in {currency}: nothing is converted")));
    }
    (asked.amount.value() <= 0).then(|| field("amount", "more than nothing"))
}

fn check_day(asked: &RecordPayment, today: Date) -> Option<FieldProblem> {
    let day = subscription::last_day(&asked.paid_on).filter(|day| day.to_string() == asked.paid_on);
    let Some(day) = day else { return Some(field("paid_on", "a day such as 2026-12-01")) };
    let days_after = |days: i64| today.checked_add(Span::new().days(days)).unwrap_or(today);
    if asked.completed && day > today {
        return Some(field("paid_on", "not after today: what is still to come is expected, not here"));
    }
    if day > days_after(MOST_DAYS_AHEAD) {
        return Some(field("paid_on", format!("at most {MOST_DAYS_AHEAD} days from now")));
    }
    (day < days_after(-MOST_DAYS_AGO)).then(|| field("paid_on", "at most a year ago"))
}

/// Who has the money. A sale of ours was paid out of the reseller's wallet, so what the operator took for it would be owed
/// to the reseller, which no payment books.
fn check_collected(scope: &Scope, asked: &RecordPayment) -> Option<FieldProblem> {
    if asked.collected_by == CollectedBy::Reseller {
        return None;
    }
    if *scope != Scope::Operator {
        return Some(field("collected_by", "a shop records what it took itself: the operator records the rest"));
    }
    (asked.paid_for == PaidFor::Sale).then(|| {
        field(
            "collected_by",
            "the reseller's wallet has paid for what it sold: give it the customer's money as a credit instead",
        )
    })
}
