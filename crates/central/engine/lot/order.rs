//! What staff order for a reseller: first what it costs, then a job that makes it.
//!
//! Every part pays for itself from the wallet when it is made. Nothing is reserved beforehand: the ledger reserves for
//! leases only, and moving the whole sum to ISSUED at once would make ISSUED more than what the codes that are there
//! cost. So the equation and I4 hold after every commit, and a job that is cancelled has nothing to give back. What a
//! shop sells meanwhile may leave too little: then the job stops, says so, and can be resumed.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::in_words;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{OperatorId, ResellerId, StaffId};
use counterfoil_domain::ledger::AccountKind;
use counterfoil_domain::lot::{CodeJobKind, MOST_BY_STAFF};
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::lots::{Lot, LotPreview, LotRefusal, OrderLot, PreviewLot};
use counterfoil_wire::problem::{Code, FieldProblem};

use super::bulk::{Made, id_reused, wrong_label};
use super::ground::Ground;
use super::list::{self, Viewer};
use super::make::new_source;
use super::record::LotRecord;
use super::{repo, stock};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::code_jobs::{self, NewJob};
use crate::engine::prices::Sellable;
use crate::engine::work::Work;
use crate::engine::{ledger, operators, resellers};

/// What a lot would cost, and whether the wallet has it.
pub(crate) async fn preview(app: &App, operator: OperatorId, asked: &PreviewLot) -> Result<LotPreview, Failure> {
    let mut reader = app.snapshot().await?;
    resellers::get(&mut reader, operator, &Scope::Operator, asked.reseller_id).await?;
    count(asked.count).map_or(Ok(()), |wrong| Err(Failure::validation(vec![wrong])))?;
    let ground = Ground::read(&mut reader, operator, asked.reseller_id, asked.plan_id, app.now()).await?;
    no_trial(&ground.plan)?;
    let (balance, spendable) = wallet(&mut reader, asked.reseller_id).await?;
    let total = total(&ground, asked.count)?;
    let refusal = (total.value() > spendable).then(|| short(&ground, total, spendable)).transpose()?;
    Ok(LotPreview {
        count: asked.count,
        cost: ground.amount(ground.cost)?,
        total,
        balance: ground.amount(balance)?,
        available: ground.amount(spendable)?,
        after: ground.amount(balance.saturating_sub(total.value()))?,
        refusal: refusal.map(|failure| LotRefusal { code: failure.code(), detail: failure.problem().detail.clone() }),
    })
}

fn count(count: u32) -> Option<FieldProblem> {
    (!(1..=MOST_BY_STAFF).contains(&count)).then(|| field("count", format!("1 to {MOST_BY_STAFF} codes")))
}

/// A job makes its codes over days, a trial's limit is of one month.
pub(super) fn no_trial(plan: &Sellable) -> Result<(), Failure> {
    if plan.trial().is_none() {
        return Ok(());
    }
    let message = "a trial is not ordered in lots: its reseller makes the codes, as many a month as the plan says";
    Err(Failure::validation(vec![field("plan_id", message)]))
}

pub(super) async fn wallet(conn: &mut Conn, reseller: ResellerId) -> Result<(i64, i64), Failure> {
    let wallet = ledger::account_of(conn, AccountKind::Wallet, reseller).await?;
    Ok((wallet.balance, wallet.balance.saturating_sub(wallet.floor).max(0)))
}

fn total(ground: &Ground, count: u32) -> Result<Amount, Failure> {
    let codes = usize::try_from(count).map_err(Failure::internal)?;
    ground
        .total(codes)
        .map_err(|_| Failure::validation(vec![field("count", "so many cost more than any wallet holds")]))
}

fn short(ground: &Ground, total: Amount, spendable: i64) -> Result<Failure, Failure> {
    let available = ground.amount(spendable)?;
    Ok(in_words::insufficient(total, available, "to create these codes", "create fewer of them"))
}

pub(super) fn check(asked: &OrderLot) -> Result<(), Failure> {
    let wrong: Vec<FieldProblem> = count(asked.count).into_iter().chain(wrong_label(&asked.label)).collect();
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}

/// Orders a lot for a reseller, or for nobody yet; its job begins at once.
pub(crate) async fn order(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    asked: &OrderLot,
) -> Result<Lot, Failure> {
    let Some(reseller) = asked.reseller_id else {
        return stock::keep(app, operator, actor, staff, asked).await;
    };
    resellers::get(&mut *app.reader().await?, operator, &Scope::Operator, reseller).await?;
    check(asked)?;
    let known = repo::by_id(&mut *app.reader().await?, operator, &Scope::Operator, asked.lot_id).await?;
    if let Some(known) = known {
        return repeat(app, known, asked).await;
    }
    let number = operators::next_number(app, operator).await?;
    let mut work = app.begin(operator).await?;
    let now = work.now();
    let ground = Ground::read(work.conn(), operator, reseller, asked.plan_id, now).await?;
    no_trial(&ground.plan)?;
    let total = total(&ground, asked.count)?;
    if !insert(app, &mut work, staff, number, (reseller, &ground), asked).await? {
        drop(work);
        return repeat_of_now(app, operator, asked).await;
    }
    let (_, spendable) = wallet(work.conn(), reseller).await?;
    if total.value() > spendable {
        return Err(short(&ground, total, spendable)?);
    }
    if asked.total.is_some_and(|shown| shown != total) {
        let detail =
            format!("These codes cost {} by now. Look again, and order what you see.", in_words::amount(total));
        return Err(Failure::new(Code::Conflict, detail));
    }
    code_jobs::insert(&mut work, staff, &job_of(asked)).await?;
    let (cost, label) = (total.to_string(), asked.label.trim());
    let made = Made { number: format!("{number:06}"), plan: &ground.plan.name, codes: asked.count, cost, label };
    audit::record(&mut work, actor, "lot.order", Some(asked.lot_id.0), NOTHING, Some(&made)).await?;
    let lot = ordered(work.conn(), operator, asked).await?;
    work.commit().await?;
    app.code_jobs_wake().notify_one();
    Ok(lot)
}

/// The job that makes what was asked for.
pub(super) fn job_of(asked: &OrderLot) -> NewJob<'static> {
    NewJob {
        id: asked.job_id,
        lot: asked.lot_id,
        kind: CodeJobKind::Make,
        seq_from: 1,
        seq_to: i64::from(asked.count),
        total: i64::from(asked.count),
        reason: "",
        undoes: None,
    }
}

/// False when the id was taken a moment ago.
async fn insert(
    app: &App,
    work: &mut Work,
    staff: StaffId,
    number: i64,
    (reseller, ground): (ResellerId, &Ground),
    asked: &OrderLot,
) -> Result<bool, Failure> {
    let (operator, now) = (work.operator(), work.now());
    let source = new_source(app, operator, asked.lot_id, &ground.code_prefix)?;
    let new = repo::NewLot { source: &source, reseller: Some(reseller.0), number, made_by: staff.0, made_at: now.0 };
    if !repo::insert(work.conn(), &new).await? {
        return Ok(false);
    }
    let (currency, unit) = (ground.currency.to_string(), ground.unit.to_string());
    let order = repo::NewOrder {
        lot: asked.lot_id,
        operator,
        reseller: Some(reseller),
        number,
        plan: ground.plan.id,
        plan_name: &ground.plan.name,
        term_days: ground.plan.term_days,
        price: ground.plan.price,
        currency: &currency,
        cost: ground.cost,
        unit: &unit,
        ordered: i64::from(asked.count),
        made: 0,
        from_stock: None,
        customer_email: None,
        label: asked.label.trim(),
        redeem_by: ground.redeem_by.0,
        made_by_kind: "staff",
        made_by: staff.0,
        made_at: now.0,
    };
    repo::insert_order(work.conn(), &order).await?;
    Ok(true)
}

pub(super) async fn ordered(conn: &mut Conn, operator: OperatorId, asked: &OrderLot) -> Result<Lot, Failure> {
    let lot = repo::by_id(conn, operator, &Scope::Operator, asked.lot_id).await?.ok_or_else(id_reused)?;
    let job = code_jobs::of_lot(conn, asked.lot_id).await?.into_iter().next();
    list::view(conn, Viewer::Staff, lot, job).await
}

/// The same request at the same time: the other one was first.
pub(super) async fn repeat_of_now(app: &App, operator: OperatorId, asked: &OrderLot) -> Result<Lot, Failure> {
    let mut work = app.begin(operator).await?;
    let known = repo::by_id(work.conn(), operator, &Scope::Operator, asked.lot_id).await?.ok_or_else(id_reused)?;
    // Its answer may not be given before what it rests on is durable.
    work.commit().await?;
    repeat(app, known, asked).await
}

/// The same id again: the lot as it is now, or a refusal when it asks for something else.
pub(super) async fn repeat(app: &App, known: LotRecord, asked: &OrderLot) -> Result<Lot, Failure> {
    let same = known.reseller() == asked.reseller_id
        && known.plan_id == asked.plan_id.0
        && known.ordered == i64::from(asked.count)
        && known.made_by_kind == "staff";
    if !same {
        return Err(id_reused());
    }
    ordered(&mut *app.reader().await?, OperatorId(known.operator_id), asked).await
}
